import { printableLine } from '../base/printable';
import type { Cluster } from '../cluster/cluster';
import { abridge } from './abridge';
import { buildGraph } from './graph';
import type { EdgeKind, Part } from './model';

/** The cluster in the language of Graphviz; parts in `failed` are marked as down. https://graphviz.org/doc/info/lang.html */
export function dot(whole: Cluster, failed: readonly string[] = []): string {
  const { cluster, words } = abridge(whole);
  const { parts, edges } = buildGraph(cluster, []);
  const shown = parts.filter(({ kind }) => kind !== 'agent' && kind !== 'zone' && kind !== 'network');
  const ids = new Set(shown.map(({ id }) => id));
  const down = new Set(failed);
  const zones = [...new Set(shown.map(({ zone }) => zone))].filter((zone) => zone !== undefined);
  return `${[
    'digraph {',
    `  graph [label=${quoted([whole.name, words].filter((line) => line !== '').join('\n'))} labelloc=t rankdir=TB fontname="sans-serif"]`,
    '  node [shape=box style=rounded fontname="sans-serif"]',
    '  edge [fontname="sans-serif" fontsize=10]',
    ...shown.filter(({ zone }) => zone === undefined).map((part) => `  ${node(part, down)}`),
    ...zones.flatMap((zone, index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(`zone ${zone}`)} style=dashed`,
      ...shown.filter((part) => part.zone === zone).map((part) => `    ${node(part, down)}`),
      '  }',
    ]),
    ...edges
      .filter(({ from, to }) => ids.has(from) && ids.has(to))
      .map(({ kind, from, to, port, protocol }) => {
        const label = protocol === 'VRRP' ? protocol : `${protocol} ${port}`;
        const dead = down.has(from) || down.has(to) ? ' color="#c0c4c8"' : '';
        return `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(label)}${LINES[kind]}${dead}]`;
      }),
    '}',
  ].join('\n')}\n`;
}

const LINES: Readonly<Record<EdgeKind, string>> = {
  api: '',
  forward: '',
  registration: ' style=dashed',
  'client-lb': ' style=dotted',
  datastore: ' style=bold',
  peer: ' style=bold dir=none',
  vrrp: ' style=dashed dir=none',
};

const CYLINDERS: readonly Part['kind'][] = ['database', 'etcd-member', 'sqlite'];

function node(part: Part, down: ReadonlySet<string>): string {
  const label = [part.label, part.detail ?? ''].filter((line) => line !== '').join('\n');
  const shape = CYLINDERS.includes(part.kind)
    ? ' shape=cylinder style=solid'
    : part.kind === 'agents'
      ? ' peripheries=2'
      : '';
  const state = down.has(part.id) ? ' color="#c72e0f" fontcolor="#c72e0f" style=dashed' : '';
  return `${quoted(part.id)} [label=${quoted(label)}${shape}${state}]`;
}

/** In quotes only these two mean anything, and a backslash would begin an escape of labels. */
function quoted(text: string): string {
  return `"${text.split('\n').map(printableLine).join('\n').replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
