import { say } from '../base/say';
import type { Band, Box, EdgeKind, TopologyGraph, Wire, WireLabel } from './model';

/** One line between two tiers stands for all connections between their parts. */
export function tierWires(
  graph: TopologyGraph,
  boxes: Readonly<Record<string, Box>>,
  bands: readonly Band[],
): { readonly wires: readonly Wire[]; readonly labels: readonly WireLabel[] } {
  const wires: Wire[] = [];
  const labels: WireLabel[] = [];
  const band = (id: Band['id']): Band | undefined => bands.find((one) => one.id === id);
  const connect = (kind: EdgeKind, from: Box | undefined, to: Box | undefined, note = ''): void => {
    const edges = graph.edges.filter((edge) => edge.kind === kind);
    const [first] = edges;
    if (first === undefined || from === undefined || to === undefined) return;
    const x = Math.round(from.x + from.width / 2);
    const start = from.y + from.height;
    wires.push({
      id: `narrow:${kind}`,
      kind,
      points: [
        [x, start],
        [x, to.y],
      ],
      arrow: true,
      edges: edges.map(({ id }) => id),
    });
    labels.push({
      kind,
      x: x + 10,
      y: Math.round((start + to.y) / 2) + 4,
      anchor: 'start',
      text: `${first.protocol} ${first.port}${note}`,
    });
  };
  const clients = graph.parts.find(({ kind }) => kind === 'clients');
  const [balancer, servers, datastore] = [band('balancer'), band('servers'), band('datastore')];
  connect('api', clients === undefined ? undefined : boxes[clients.id], balancer ?? servers);
  connect('forward', balancer, servers, say`, any server`);
  connect('datastore', servers, datastore);
  return { wires, labels };
}
