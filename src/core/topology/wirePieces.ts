import type { Band, Box, Edge, EdgeKind, TopologyGraph, Wire, WireLabel } from './model';
import type { Sheet } from './sheet';

export type Point = readonly [number, number];

/** Connections of a kind as they are drawn. */
export interface Wires {
  readonly wires: readonly Wire[];
  readonly labels: readonly WireLabel[];
}

/** Below a band's lower edge: where its lines spread out, with the label above. */
export const SPREAD = 34;

export const NOTHING: Wires = { wires: [], labels: [] };

export function edgesOf(graph: TopologyGraph, kind: EdgeKind): readonly Edge[] {
  return graph.edges.filter((e) => e.kind === kind);
}

export function ends(sheet: Sheet, edge: Edge): readonly [Box | undefined, Box | undefined] {
  return [sheet.boxes[edge.from], sheet.boxes[edge.to]];
}

export function bandOf(sheet: Sheet, id: Band['id']): Band | undefined {
  return sheet.bands.find((b) => b.id === id);
}

export function down(x1: number, y1: number, x2: number, y2: number, bus: number): readonly Point[] {
  return x1 === x2
    ? [
        [x1, y1],
        [x2, y2],
      ]
    : [
        [x1, y1],
        [x1, bus],
        [x2, bus],
        [x2, y2],
      ];
}

export function wire(edge: Edge, points: readonly Point[], arrow = true): Wire {
  return { id: edge.id, kind: edge.kind, points, arrow, edges: [edge.id] };
}

export function trunk(
  kind: EdgeKind,
  id: string,
  points: readonly Point[],
  edges: readonly Edge[],
  arrow: boolean,
): Wire {
  return { id: `${kind}:${id}`, kind, points, arrow, edges: edges.map((e) => e.id) };
}

export function label(kind: EdgeKind, x: number, y: number, text: string): WireLabel {
  return { kind, x, y, anchor: 'start', text };
}

export function middle(box: Box): number {
  return box.x + Math.round(box.width / 2);
}

export function bottom(box: Box): number {
  return box.y + box.height;
}
