import dagre from '@dagrejs/dagre';
import ELK from 'elkjs/lib/elk.bundled.js';
import { buildGraph } from '../../src/core/topology/graph';
import { layoutGraph } from '../../src/core/topology/layout';
import type { Cluster } from '../../src/core/cluster/cluster';
import { CLUSTERS } from '../unit/topology/clusters';

// Runs in the browser: the same graph for three layouts, with boxes of our sizes.

const graph = buildGraph(CLUSTERS['large'] as Cluster, []);
const groups = new Set(graph.parts.filter((part) => part.kind === 'agents').map((part) => part.id));
const { boxes } = layoutGraph(graph, groups);
const nodes = graph.parts.flatMap((part) => {
  const box = boxes[part.id];
  return box === undefined ? [] : [{ id: part.id, width: box.width, height: box.height }];
});
const known = new Set(nodes.map(({ id }) => id));
/** The others know no groups, so every agent has its own edge. */
const edges = [
  ...graph.edges.filter((edge) => known.has(edge.from) && known.has(edge.to)),
  ...graph.parts
    .filter((part) => part.kind === 'agent')
    .map((part) => ({ id: `registration:${part.id}`, from: 'load-balancer', to: part.id })),
];
const elk = new ELK();

function layoutByDagre(): void {
  const layout = new dagre.graphlib.Graph();
  layout.setGraph({ rankdir: 'TB' });
  layout.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of nodes) layout.setNode(id, { width, height });
  for (const edge of edges) layout.setEdge(edge.from, edge.to);
  dagre.layout(layout);
}

Object.assign(globalThis, {
  compared: {
    ours: () => layoutGraph(graph, new Set()),
    oursExpanded: () => layoutGraph(graph, groups),
    elk: () =>
      elk.layout({
        id: 'root',
        layoutOptions: { 'elk.algorithm': 'layered', 'elk.direction': 'DOWN' },
        children: nodes.map((node) => ({ ...node })),
        edges: edges.map((edge) => ({ id: edge.id, sources: [edge.from], targets: [edge.to] })),
      }),
    dagre: layoutByDagre,
  },
});
