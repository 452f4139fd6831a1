import { say } from '../base/say';
import { count } from '../base/words';
import { quorumOf } from '../cluster/roles';
import {
  COLLAPSE_ABOVE,
  GROUP_HEADER_HEIGHT,
  MEMBER_HEIGHT,
  NETWORK_SIZE,
  SIGNS,
  SQLITE_HEIGHT,
  TILE_HEIGHT,
  boxWidth,
  textWidth,
} from './metrics';
import { flow, flowHeight, flowWidth, type Item } from './flow';
import type { Band, Box, Frame, Layout, Part, TopologyGraph } from './model';
import { byZone, zoneTitleWidth } from './sheet';
import { tierWires } from './tierWires';

/** Narrower than this nothing is laid out, and wider there is room for the whole picture. */
const LEAST = 240;
const MOST = 640;
/** Between the picture's edge, a band, a frame and what is in them. */
const PAD = 6;
const FRAME_PAD = 5;
/** A band's title stands above what is in it. */
const TITLE = 24;
const ZONE_TITLE = 28;
/** Between bands that a line connects. */
const CHANNEL = 30;
/** Above the agents, which no line leads to. */
const APART = 12;
const SMALL = 26;
const RING = 32;
const HEIGHTS = { clients: 44, balancer: 56, host: 44, server: 72, database: 64, agent: 64, group: 64 } as const;

/**
 * The same tiers for a window of so many pixels: titles above, zones and machines wrap, members of etcd stand under their
 * servers, and one line stands for all between two tiers. The paths of the agents are left to the list and the panel.
 */
export function layoutNarrow(graph: TopologyGraph, expanded: ReadonlySet<string>, window: number): Layout {
  const room = Math.min(MOST, Math.max(LEAST, window));
  const boxes: Record<string, Box> = {};
  const frames: Frame[] = [];
  const bands: Band[] = [];
  const inner = room - 4 * PAD;
  const of = (...kinds: readonly Part['kind'][]): readonly Part[] =>
    graph.parts.filter(({ kind }) => kinds.includes(kind));
  const box = (part: Part, width: number, height: number): Item => ({
    width,
    height,
    put: (x, y) => void (boxes[part.id] = { x, y, width, height }),
  });
  const boxesOf = (parts: readonly Part[], height: number, signs: number): readonly Item[] => {
    const width = Math.min(inner, boxWidth(textsOf(parts), 96, 260) + signs);
    return parts.map((part) => box(part, width, height));
  };
  let y = PAD;
  const addBand = (id: Band['id'], title: string, note: string, items: readonly Item[], least = 0): void => {
    if (items.length === 0 && least === 0) return;
    if (bands.length > 0) y += id === 'agents' ? APART : CHANNEL;
    const height = TITLE + Math.max(flowHeight(items, inner), least) + PAD;
    bands.push({ id, title, note, x: PAD, y, width: room - 2 * PAD, height, above: true });
    flow(items, 2 * PAD, y + TITLE, inner);
    y += height;
  };
  /** Items that share their rows with no others. */
  const line = (items: readonly Item[]): readonly Item[] =>
    items.length === 0
      ? []
      : [{ width: inner, height: flowHeight(items, inner), put: (x, top) => flow(items, x, top, inner) }];
  /** The machines of a zone in their frame; without zones there is no frame. */
  const zoned = (id: string, zone: string | undefined, framed: boolean, items: readonly Item[]): Item => {
    const [pad, title] = framed ? [FRAME_PAD, ZONE_TITLE] : [0, 0];
    const chip = graph.parts.find((part) => part.kind === 'zone' && part.zone === zone);
    const within = inner - 2 * pad;
    const width = Math.max(
      flowWidth(items, within),
      framed && chip !== undefined ? Math.min(within, zoneTitleWidth(chip.label)) : 0,
    );
    return {
      width: width + 2 * pad,
      height: title + flowHeight(items, within) + pad,
      put: (x, top) => {
        const height = title + flowHeight(items, within) + pad;
        frames.push({
          id,
          label: framed ? (zone === undefined ? say`no zone` : say`zone ${zone}`) : '',
          x,
          y: top,
          width: width + 2 * pad,
          height,
        });
        if (framed && chip !== undefined && boxes[chip.id] === undefined)
          boxes[chip.id] = {
            x: x + 4,
            y: top + 4,
            width: Math.min(width + 2 * pad - 8, zoneTitleWidth(chip.label)),
            height: 20,
          };
        flow(items, x + pad, top + title, width);
      },
    };
  };

  const [clients] = of('clients');
  if (clients !== undefined) {
    const width = Math.min(inner, 180);
    box(clients, width, HEIGHTS.clients).put(Math.round((room - width) / 2), y);
    y += HEIGHTS.clients + (bands.length === 0 ? CHANNEL : 0);
  }
  const entries = of('load-balancer', 'address');
  addBand('balancer', say`Fixed address`, '', [
    ...line(boxesOf(entries, HEIGHTS.balancer, SIGNS)),
    ...line(boxesOf(of('balancer-host'), HEIGHTS.host, SIGNS / 2)),
  ]);

  const servers = of('server');
  const inServer = new Map(
    of('sqlite', 'etcd-member').flatMap((part) => (part.nodeId === undefined ? [] : [[part.nodeId, part] as const])),
  );
  const serverWidth = Math.min(inner - 2 * FRAME_PAD, machineWidth(servers));
  const serverItem = (server: Part): Item => {
    const own = server.nodeId === undefined ? undefined : inServer.get(server.nodeId);
    const height = HEIGHTS.server + (own?.kind === 'sqlite' ? SQLITE_HEIGHT + 8 : 0);
    const member = own?.kind === 'etcd-member' ? own : undefined;
    return {
      width: serverWidth,
      height: height + (member === undefined ? 0 : SMALL + 4),
      put: (x, top) => {
        boxes[server.id] = { x, y: top, width: serverWidth, height };
        if (own?.kind === 'sqlite')
          boxes[own.id] = {
            x: x + 8,
            y: top + height - SQLITE_HEIGHT - 8,
            width: serverWidth - 16,
            height: SQLITE_HEIGHT,
          };
        if (member !== undefined) boxes[member.id] = { x, y: top + height + 4, width: serverWidth, height: SMALL };
      },
    };
  };
  const zones = byZone(servers);
  const framed = zones.some(({ zone }) => zone !== undefined);
  addBand(
    'servers',
    say`Servers`,
    '',
    zones.map(({ zone, parts }) => zoned(`servers:${zone ?? ''}`, zone, framed, parts.map(serverItem))),
    SMALL,
  );
  zones.slice(1).forEach(({ zone }, i) => placeNetwork(graph, boxes, frames, zones[i]?.zone, zone));

  const members = of('etcd-member');
  const embedded = members.length > 0 && members.every(({ nodeId }) => nodeId !== undefined);
  const ring: { box?: Box } = {};
  const ringItem: Item = {
    width: inner,
    height: RING,
    put: (x, top) => void (ring.box = { x, y: top, width: inner, height: RING }),
  };
  if (members.length > 0)
    addBand('datastore', say`Datastore`, embedded ? say`embedded etcd` : say`external etcd`, [
      ...(embedded ? [] : line(boxesOf(members, MEMBER_HEIGHT, SIGNS / 2))),
      ringItem,
    ]);
  else addBand('datastore', say`Datastore`, say`external`, boxesOf(of('database'), HEIGHTS.database, SIGNS));

  const agents = new Map(byZone(of('agent')).map((group) => [group.zone, group.parts]));
  const groups = of('agents');
  const agentsFramed = groups.some(({ zone }) => zone !== undefined);
  addBand(
    'agents',
    say`Agents`,
    agentsFramed
      ? count(
          groups.reduce((sum, group) => sum + (group.count ?? 0), 0),
          'node',
        )
      : '',
    groups.map((group) => zoned(group.id, group.zone, agentsFramed, agentItems(group, agents.get(group.zone) ?? []))),
  );
  function agentItems(group: Part, parts: readonly Part[]): readonly Item[] {
    const within = inner - 2 * FRAME_PAD;
    if (parts.length <= COLLAPSE_ABOVE) {
      const width = Math.min(within, machineWidth(parts));
      return parts.map((part) => box(part, width, HEIGHTS.agent));
    }
    const width = Math.min(within, 248);
    if (!expanded.has(group.id)) return [box(group, width, HEIGHTS.group)];
    const tile = Math.min(
      within,
      boxWidth(
        parts.map(({ label }) => label),
        96,
        180,
      ) - 16,
    );
    return [box(group, within, GROUP_HEADER_HEIGHT), ...parts.map((part) => box(part, tile, TILE_HEIGHT))];
  }

  const spare = members.length - quorumOf(members.length);
  const caption = say`${count(members.length, 'member')} · quorum ${quorumOf(members.length)} · ${spare === 0 ? say`none` : spare} may fail`;
  return {
    width: room,
    height: y + PAD,
    bands,
    frames,
    boxes,
    ...tierWires(graph, boxes, bands),
    ...(ring.box === undefined ? {} : { ring: { ...ring.box, caption } }),
  };
}

/** A machine's box, no wider than its name, its address and `unreachable`: the more of them stand side by side. */
function machineWidth(parts: readonly Part[]): number {
  const texts = parts.map(({ label, detail = '' }) => Math.max(textWidth(label, 13), textWidth(detail, 12)));
  return Math.min(200, Math.max(124, ...texts.map((width) => width + 48)));
}

function textsOf(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ label, detail }) => [label, detail ?? '']);
}

/** Between two zones that stand side by side; where a row ended between them, their network is in the list of what may fail. */
function placeNetwork(
  graph: TopologyGraph,
  boxes: Record<string, Box>,
  frames: readonly Frame[],
  a: string | undefined,
  b: string | undefined,
): void {
  const part = graph.parts.find(({ between }) => between !== undefined && between[0] === a && between[1] === b);
  const [left, right] = [a, b].map((zone) => frames.find(({ id }) => id === `servers:${zone ?? ''}`));
  if (part === undefined || left === undefined || right === undefined || left.y !== right.y) return;
  boxes[part.id] = {
    x: Math.round((left.x + left.width + right.x - NETWORK_SIZE) / 2),
    y: left.y + Math.round((Math.min(left.height, right.height) - NETWORK_SIZE) / 2),
    width: NETWORK_SIZE,
    height: NETWORK_SIZE,
  };
}
