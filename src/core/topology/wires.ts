import { ENTRY, GUTTER, TRUNK } from './metrics';
import type { Band, Box, Edge, EdgeKind, Frame, TopologyGraph, Wire, WireLabel } from './model';
import type { Sheet } from './sheet';

type Point = readonly [number, number];

interface Wires {
  readonly wires: readonly Wire[];
  readonly labels: readonly WireLabel[];
}

/** Below a band's lower edge: where its lines spread out, with the label above. */
const SPREAD = 34;
/** Above the agents' band and below it: the two buses that collect the groups. */
const BUS_DISTANCE = 20;
/** Distance between the buses of different registration addresses. */
export const REGISTRATION_LANE = 18;

/** Routes every connection at right angles: requests run down the middle, agents use the two outer trunks. */
export function routeWires(graph: TopologyGraph, sheet: Sheet, width: number): Wires {
  const routes = [
    routeApi(graph, sheet),
    routeForward(graph, sheet),
    routeDatastore(graph, sheet),
    routeOwnBalancers(graph, sheet),
    routeRegistration(graph, sheet, width),
  ];
  return { wires: routes.flatMap((r) => r.wires), labels: routes.flatMap((r) => r.labels) };
}

/** Where requests enter a server: beside the zone's name when there is one. */
function entryX(sheet: Sheet, box: Box): number {
  return sheet.frames.some((f) => f.id.startsWith('servers:')) ? box.x + box.width - ENTRY : middle(box);
}

function routeApi(graph: TopologyGraph, sheet: Sheet): Wires {
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

function routeForward(graph: TopologyGraph, sheet: Sheet): Wires {
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
    labels: edges.slice(0, 1).map((e) => label('forward', right + 10, bottom(band) + 22, `TCP ${e.port}, any server`)),
  };
}

function routeDatastore(graph: TopologyGraph, sheet: Sheet): Wires {
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

/** Left trunk: every agent's own load balancer picks any server. https://docs.k3s.io/architecture */
function routeOwnBalancers(graph: TopologyGraph, sheet: Sheet): Wires {
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
        `own load balancer of every agent → any server, TCP ${edges[0]?.port ?? ''}`,
      ),
    ],
  };
}

/** Right trunk: the first contact of every agent. */
function routeRegistration(graph: TopologyGraph, sheet: Sheet, width: number): Wires {
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

const NOTHING: Wires = { wires: [], labels: [] };

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

function edgesOf(graph: TopologyGraph, kind: EdgeKind): readonly Edge[] {
  return graph.edges.filter((e) => e.kind === kind);
}

function ends(sheet: Sheet, edge: Edge): readonly [Box | undefined, Box | undefined] {
  return [sheet.boxes[edge.from], sheet.boxes[edge.to]];
}

function bandOf(sheet: Sheet, id: Band['id']): Band | undefined {
  return sheet.bands.find((b) => b.id === id);
}

function down(x1: number, y1: number, x2: number, y2: number, bus: number): readonly Point[] {
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

function wire(edge: Edge, points: readonly Point[], arrow = true): Wire {
  return { id: edge.id, kind: edge.kind, points, arrow, edges: [edge.id] };
}

function trunk(kind: EdgeKind, id: string, points: readonly Point[], edges: readonly Edge[], arrow: boolean): Wire {
  return { id: `${kind}:${id}`, kind, points, arrow, edges: edges.map((e) => e.id) };
}

function label(kind: EdgeKind, x: number, y: number, text: string): WireLabel {
  return { kind, x, y, anchor: 'start', text };
}

function middle(box: Box): number {
  return box.x + Math.round(box.width / 2);
}

function bottom(box: Box): number {
  return box.y + box.height;
}
