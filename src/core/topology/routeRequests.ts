import { say } from '../base/say';
import { ENTRY } from './metrics';
import type { Box, TopologyGraph } from './model';
import type { Sheet } from './sheet';
import { bandOf, bottom, down, edgesOf, ends, label, middle, NOTHING, SPREAD, wire, type Wires } from './wirePieces';

/** From clients to the fixed address, or to the first server, and between the machines that share the address. */
export function routeApi(graph: TopologyGraph, sheet: Sheet): Wires {
  const wires = edgesOf(graph, 'api').flatMap((edge) => {
    const [from, to] = ends(sheet, edge);
    if (from === undefined || to === undefined) return [];
    const x = edge.to.startsWith('server:') ? entryX(sheet, to) : middle(to);
    return [
      wire(
        edge,
        down(
          middle(from),
          bottom(from),
          x,
          to.y,
          Math.round((bottom(from) + to.y) / 2) - (edge.to.startsWith('server:') ? 8 : 0),
        ),
      ),
    ];
  });
  const vrrp = edgesOf(graph, 'vrrp').flatMap((edge) => {
    const [a, b] = ends(sheet, edge);
    return a === undefined || b === undefined
      ? []
      : [
          wire(
            edge,
            [
              [a.x + a.width, a.y + a.height / 2],
              [b.x, b.y + b.height / 2],
            ],
            false,
          ),
        ];
  });
  const first = edgesOf(graph, 'api')[0];
  const from = first === undefined ? undefined : sheet.boxes[first.from];
  const labels =
    first === undefined || from === undefined
      ? []
      : [label('api', middle(from) + 10, bottom(from) + 24, `TCP ${first.port}`)];
  return { wires: [...wires, ...vrrp], labels };
}

/** From the load balancer to the servers. */
export function routeForward(graph: TopologyGraph, sheet: Sheet): Wires {
  const edges = edgesOf(graph, 'forward');
  const band = bandOf(sheet, 'balancer');
  if (band === undefined) return NOTHING;
  const wires = edges.flatMap((edge) => {
    const [from, to] = ends(sheet, edge);
    return from === undefined || to === undefined
      ? []
      : [wire(edge, down(middle(from), bottom(from), entryX(sheet, to), to.y, bottom(band) + SPREAD))];
  });
  const right = Math.max(...edges.flatMap((e) => sheet.boxes[e.from] ?? []).map(middle));
  return {
    wires,
    labels: edges
      .slice(0, 1)
      .map((e) => label('forward', right + 10, bottom(band) + 22, say`TCP ${e.port}, any server`)),
  };
}

/** Where requests enter a server: beside the zone's name when there is one. */
function entryX(sheet: Sheet, box: Box): number {
  return sheet.frames.some((f) => f.id.startsWith('servers:')) ? box.x + box.width - ENTRY : middle(box);
}
