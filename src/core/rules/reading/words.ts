import { say } from '../../base/say';
import { allListed } from '../../base/words';
import type { ClusterNode } from '../../cluster/cluster';

const SHOWN = 4;

/** `a`, `a and b`, `a, b and c`, `a, b, c, d and 46 more`. */
export function listWords(words: readonly string[]): string {
  if (words.length > SHOWN + 1) return say`${words.slice(0, SHOWN).join(say`, `)} and ${words.length - SHOWN} more`;
  return allListed(words);
}

/** What the user calls the node. */
export function nodeLabel(node: ClusterNode): string {
  return node.name ?? node.host;
}

export function nodeLabels(nodes: readonly ClusterNode[]): string {
  return listWordsOf(nodes, nodeLabel);
}

/** {@link listWords} of what `word` says of each item; asked only for those that are named. */
export function listWordsOf<T>(items: readonly T[], word: (item: T) => string): string {
  const more = items.length - SHOWN;
  return more > 1
    ? say`${items
        .slice(0, SHOWN)
        .map(word)
        .join(say`, `)} and ${more} more`
    : listWords(items.map(word));
}

/** What servers that differ have, the most common first: `a on s1; b on s2 and s3; and 12 more values`. */
export function describeGroups<T>(groups: readonly T[], describe: (group: T) => string): string {
  const more = groups.length - SHOWN;
  if (more < 2) return groups.map(describe).join(say`; `);
  return say`${groups
    .slice(0, SHOWN)
    .map(describe)
    .join(say`; `)}; and ${more} more values`;
}
