import { printableLine } from '../base/printable';
import type { Cluster } from '../cluster/cluster';
import { abridge } from './abridge';
import { buildGraph } from './graph';
import type { Edge, EdgeKind, Part } from './model';
import { zonesOf } from './roles';
import { count } from '../base/words';
import { etcdMembers, nodesOf, quorumOf } from '../cluster/roles';

/** The cluster as a Mermaid flowchart, for a README; parts in `failed` are marked as down. https://mermaid.js.org/syntax/flowchart.html */
export function mermaid(whole: Cluster, failed: readonly string[] = []): string {
  const { cluster, words } = abridge(whole);
  const { parts, edges } = buildGraph(cluster, []);
  const shown = parts.filter((part) => isShown(part, cluster));
  const ids = new Map(shown.map((part, index) => [part.id, `n${index}`]));
  const members = etcdMembers(cluster);
  const lines = [
    'flowchart TB',
    ...(words === '' ? [] : [`  %% ${words}`]),
    ...shown.filter((part) => part.zone === undefined).map((part) => `  ${node(part, ids)}`),
  ];
  zonesOf(nodesOf(cluster)).forEach((zone, index) => {
    if (zone === undefined) return;
    lines.push(
      `  subgraph zone${index}["zone ${text(zone)}"]`,
      ...shown.filter((part) => part.zone === zone).map((part) => `    ${node(part, ids)}`),
      '  end',
    );
  });
  if (members.length > 0)
    lines.push(`  etcd[("embedded etcd<br/>${count(members.length, 'member')}, quorum ${quorumOf(members.length)}")]`);
  const down = shown.flatMap(({ id }) => (failed.includes(id) ? (ids.get(id) ?? []) : []));
  const marks = down.length === 0 ? [] : [`  classDef down ${DOWN}`, `  class ${down.join(',')} down`];
  return `${[...lines, ...arrows(edges, ids, members.length > 0), ...marks].join('\n')}\n`;
}

const DOWN = 'stroke:#c72e0f,stroke-width:2px,stroke-dasharray:5 4,opacity:0.6';

/** Groups stand for their agents, and embedded etcd is one node: a README has little room. */
function isShown(part: Part, cluster: Cluster): boolean {
  if (part.kind === 'etcd-member') return cluster.datastore.type === 'etcd';
  return part.kind !== 'agent' && part.kind !== 'zone' && part.kind !== 'network';
}

function node(part: Part, ids: ReadonlyMap<string, string>): string {
  const words = `"${[part.label, part.detail ?? '']
    .filter((line) => line !== '')
    .map(text)
    .join('<br/>')}"`;
  const id = ids.get(part.id) ?? '';
  if (part.kind === 'clients') return `${id}([${words}])`;
  if (part.kind === 'database' || part.kind === 'etcd-member' || part.kind === 'sqlite') return `${id}[(${words})]`;
  return part.kind === 'agents' ? `${id}[[${words}]]` : `${id}[${words}]`;
}

const ARROWS: Readonly<Record<EdgeKind, string>> = {
  api: '-->',
  forward: '-->',
  registration: '-.->',
  'client-lb': '-.->',
  datastore: '==>',
  peer: '---',
  vrrp: '-.-',
};

function arrows(edges: readonly Edge[], ids: ReadonlyMap<string, string>, embedded: boolean): readonly string[] {
  const lines = edges.flatMap(({ kind, from, to, port, protocol }) => {
    const [start, end] = [ids.get(from), ids.get(to) ?? (embedded && kind === 'datastore' ? 'etcd' : undefined)];
    if (start === undefined || end === undefined || kind === 'client-lb') return [];
    const words = [kind === 'registration' ? 'registration' : '', protocol === 'VRRP' ? 'VRRP' : `TCP ${port}`]
      .filter((word) => word !== '')
      .join(', ');
    return [`  ${start} ${ARROWS[kind]}|"${text(words)}"| ${end}`];
  });
  return [...new Set(lines)];
}

/**
 * Mermaid takes entities by number in quoted text: everything but letters, digits and what addresses are made of goes
 * that way, so nothing ends the text, begins a statement, a comment, a directive or markup.
 */
function text(words: string): string {
  return printableLine(words).replace(/[^\p{L}\p{M}\p{N} .,:/_-]/gu, (character) => `#${character.codePointAt(0)};`);
}
