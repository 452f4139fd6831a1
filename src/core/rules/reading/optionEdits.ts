import type { Path } from '../../base/path';
import type { TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { inSequence } from '../../document/inSequence';
import { optionPaths } from './places';
import { isMap, valueAt } from './read';

/** Where an option of several nodes is written, each place once. */
export function optionPathsOf(context: RuleContext, nodes: readonly ClusterNode[], name: string): readonly Path[] {
  return [
    ...new Map(
      nodes.flatMap((node) => optionPaths(context, node, name)).map((path) => [path.join('\u0000'), path]),
    ).values(),
  ];
}

const BLOCKS: readonly unknown[] = ['config', 'ssh'];

/** Removes an option, and the `config:` or `ssh:` around it when nothing else stands there, not even a comment. */
export function removeOption(document: ClusterDocument, path: Path): readonly TextEdit[] {
  const block = path.slice(0, -1);
  const options = valueAt(document.data, block);
  const last =
    BLOCKS.includes(block.at(-1)) &&
    isMap(options) &&
    Object.keys(options).length === 1 &&
    !hasCommentLine(document, block);
  return removeEntry(document, last ? block : path);
}

function hasCommentLine(document: ClusterDocument, block: Path): boolean {
  const start = document.rangeOf(block, 'key')?.end;
  const end = document.rangeOf(block, 'value')?.end;
  return /\n[ \t]*#/.test(document.text.slice(start, end));
}

/** Removes the options at all places, or nothing if one of them cannot be removed. */
export function removeAll(document: ClusterDocument, paths: readonly Path[]): readonly TextEdit[] {
  return inSequence(document, ...paths.map((path) => (current: ClusterDocument) => removeOption(current, path)));
}
