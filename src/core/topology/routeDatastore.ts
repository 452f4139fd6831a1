import type { Edge, TopologyGraph, Wire } from './model';
import type { Sheet } from './sheet';
import { bandOf, bottom, down, edgesOf, ends, label, middle, NOTHING, SPREAD, wire, type Wires } from './wirePieces';

/** From servers to what keeps the cluster's data; a server without a member of etcd hangs on the ring of all members. */
export function routeDatastore(graph: TopologyGraph, sheet: Sheet): Wires {
  const edges = edgesOf(graph, 'datastore');
  const servers = bandOf(sheet, 'servers');
  const ring = sheet.ring;
  if (servers === undefined || edges.length === 0) return NOTHING;
  const embedded = graph.parts.some((p) => p.kind === 'etcd-member' && p.nodeId !== undefined);
  const wires: Wire[] = [];
  const hung = new Map<string, Edge[]>();
  for (const edge of edges) {
    const [from, to] = ends(sheet, edge);
    if (from === undefined || to === undefined) continue;
    if (!embedded || middle(from) === middle(to))
      wires.push(wire(edge, down(middle(from), bottom(from), middle(to), to.y, bottom(servers) + SPREAD)));
    else hung.set(edge.from, [...(hung.get(edge.from) ?? []), edge]);
  }
  for (const [id, list] of hung) {
    const from = sheet.boxes[id];
    if (from === undefined || ring === undefined) continue;
    wires.push({
      id: `datastore:${id}`,
      kind: 'datastore',
      points: [
        [middle(from), bottom(from)],
        [middle(from), ring.y],
      ],
      arrow: true,
      edges: list.map((e) => e.id),
    });
  }
  const first = edges[0];
  const at = first === undefined ? undefined : sheet.boxes[embedded ? first.from : first.to];
  const labels =
    first === undefined || at === undefined
      ? []
      : [
          label(
            'datastore',
            middle(at) + 10,
            embedded ? bottom(servers) + 24 : bottom(servers) + SPREAD + 18,
            `TCP ${first.port}`,
          ),
        ];
  return { wires, labels };
}
