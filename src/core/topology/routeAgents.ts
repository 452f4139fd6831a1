import { say } from '../base/say';
import { GUTTER, TRUNK } from './metrics';
import type { Band, Box, Frame, TopologyGraph, Wire, WireLabel } from './model';
import type { Sheet } from './sheet';
import { bandOf, bottom, edgesOf, label, middle, NOTHING, trunk, type Point, type Wires } from './wirePieces';

/** Above the agents' band and below it: the two buses that collect the groups. */
const BUS_DISTANCE = 20;

/** Distance between the buses of different registration addresses. */
export const REGISTRATION_LANE = 18;

/** Left trunk: every agent's own load balancer picks any server. https://docs.k3s.io/architecture */
export function routeOwnBalancers(graph: TopologyGraph, sheet: Sheet): Wires {
  const edges = edgesOf(graph, 'client-lb');
  const servers = bandOf(sheet, 'servers');
  const band = bandOf(sheet, 'agents');
  if (edges.length === 0 || servers === undefined || band === undefined) return NOTHING;
  const users = new Set(edges.map((e) => e.from));
  const rows = agentRows(sheet)
    .map((row) => row.filter((f) => users.has(f.id)))
    .filter((row) => row.length > 0);
  const wires: Wire[] = [];
  let lowest = 0;
  rows.forEach((row, i) => {
    const bus = busAbove(row, band, i === 0);
    const list = edges.filter((e) => row.some((f) => f.id === e.from));
    for (const frame of row)
      wires.push(
        trunk(
          'client-lb',
          `stub:${frame.id}`,
          [
            [middle(frame), frame.y],
            [middle(frame), bus],
          ],
          list.filter((e) => e.from === frame.id),
          false,
        ),
      );
    wires.push(
      trunk(
        'client-lb',
        `row:${i}`,
        [
          [Math.max(...row.map(middle)), bus],
          [TRUNK, bus],
        ],
        list,
        false,
      ),
    );
    lowest = bus;
  });
  const y = servers.y + Math.round(servers.height / 2);
  wires.push(
    trunk(
      'client-lb',
      'trunk',
      [
        [TRUNK, lowest],
        [TRUNK, y],
        [servers.x, y],
      ],
      edges,
      true,
    ),
  );
  return {
    wires,
    labels: [
      label(
        'client-lb',
        GUTTER,
        busAbove(rows[0] ?? [], band, true) - 8,
        say`own load balancer of every agent → any server, TCP ${edges[0]?.port ?? ''}`,
      ),
    ],
  };
}

/** Right trunk: the first contact of every agent. */
export function routeRegistration(graph: TopologyGraph, sheet: Sheet, width: number): Wires {
  const edges = edgesOf(graph, 'registration');
  const band = bandOf(sheet, 'agents');
  if (edges.length === 0 || band === undefined) return NOTHING;
  const targets = [...new Set(edges.map((e) => e.to))];
  const rows = agentRows(sheet);
  const wires: Wire[] = [];
  const labels: WireLabel[] = [];
  targets.forEach((target, lane) => {
    const box = sheet.boxes[target];
    if (box === undefined) return;
    const mine = edges.filter((e) => e.to === target);
    const x = width - TRUNK - lane * 8;
    let lowest = 0;
    rows.forEach((row, i) => {
      const frames = row.filter((f) => mine.some((e) => e.from === f.id));
      if (frames.length === 0) return;
      const low = Math.max(...row.map(bottom));
      const bus =
        (i === rows.length - 1 ? bottom(band) + BUS_DISTANCE : low + BUS_DISTANCE / 2) + lane * REGISTRATION_LANE;
      const at = (f: Frame): number => middle(f) + lane * 14;
      for (const frame of frames)
        wires.push(
          trunk(
            'registration',
            `stub:${frame.id}>${target}`,
            [
              [at(frame), bottom(frame)],
              [at(frame), bus],
            ],
            mine.filter((e) => e.from === frame.id),
            false,
          ),
        );
      wires.push(
        trunk(
          'registration',
          `row:${i}>${target}`,
          [
            [Math.min(...frames.map(at)), bus],
            [x, bus],
          ],
          mine,
          false,
        ),
      );
      lowest = bus;
    });
    wires.push(trunk('registration', `trunk>${target}`, [[x, lowest], ...approach(sheet, box, x, lane)], mine, true));
    const name = graph.parts.find((p) => p.id === target)?.label ?? target;
    const port = mine[0]?.port ?? '';
    const ends = name.endsWith(`:${port}`) ? name : `${name}, TCP ${port}`;
    labels.push({ ...label('registration', width - GUTTER, lowest + 15, `registration → ${ends}`), anchor: 'end' });
  });
  return { wires, labels };
}

/** From the trunk to a part: straight into its right side, or from above when something stands in the way. */
function approach(sheet: Sheet, box: Box, x: number, lane: number): Point[] {
  const y = box.y + Math.round(box.height / 2);
  const blocked = Object.values(sheet.boxes).some((b) => b.x >= box.x + box.width && b.y < y && b.y + b.height > y);
  if (!blocked)
    return [
      [x, y],
      [box.x + box.width, y],
    ];
  const band = sheet.bands.find((b) => b.y <= box.y && bottom(b) >= bottom(box));
  const over = (band?.y ?? box.y) - 10 - lane * 4;
  const inX = box.x + box.width - 18;
  return [
    [x, over],
    [inX, over],
    [inX, box.y],
  ];
}

function busAbove(row: readonly Frame[], band: Band, first: boolean): number {
  return first ? band.y - BUS_DISTANCE : Math.min(...row.map((f) => f.y)) - BUS_DISTANCE / 2;
}

/** Frames of the agents band, row by row. */
function agentRows(sheet: Sheet): readonly (readonly Frame[])[] {
  const rows = new Map<number, Frame[]>();
  for (const frame of sheet.frames) {
    if (frame.id.startsWith('servers:')) continue;
    rows.set(frame.y, [...(rows.get(frame.y) ?? []), frame]);
  }
  return [...rows.values()];
}
