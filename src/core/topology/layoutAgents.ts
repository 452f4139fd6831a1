import { say } from '../base/say';
import type { ZoneColumns } from './columns';
import {
  AGENT_HEIGHT,
  ALIGNED_WIDTH,
  CHANNEL,
  COLLAPSE_ABOVE,
  FRAME_PAD,
  FRAME_TITLE,
  GAP,
  GROUP_HEADER_HEIGHT,
  GROUP_SIZE,
  TILE_GAP,
  TILE_HEIGHT,
  boxWidth,
} from './metrics';
import type { Box, Part, TopologyGraph } from './model';
import { addBand, addFrame, byZone, centered, type Sheet } from './sheet';
import { count } from '../base/words';

/** Rows of agent frames are not made wider than this, unless one frame alone is. */
const ROW_WIDTH = 1040;

/** What a zone takes when it is not expanded, with the gap to the next. */
const COLUMN = 350;

/** One zone's agents: how big the block is and where its boxes stand within it. */
export interface Block {
  readonly group: Part;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly (readonly [id: string, box: Box])[];
}

/** A few agents one by one, more as a counted group, an expanded group as a grid of small tiles. */
export function agentBlocks(graph: TopologyGraph, expanded: ReadonlySet<string>): readonly Block[] {
  const agents = new Map(byZone(graph.parts.filter((p) => p.kind === 'agent')).map((z) => [z.zone, z.parts]));
  const groups = graph.parts.filter((p) => p.kind === 'agents');
  const framed = groups.some((g) => g.zone !== undefined);
  // Expanded groups share what the others leave free, so that zones keep their columns.
  const open = groups.filter((g) => expanded.has(g.id)).length;
  const room = Math.max(COLUMN, (ALIGNED_WIDTH - (groups.length - open) * COLUMN) / Math.max(1, open)) - GAP;
  return groups.map((group) =>
    block(group, agents.get(group.zone) ?? [], expanded.has(group.id) ? room : undefined, framed),
  );
}

/** The agents band: in the servers' columns when they fit there, else in rows of their own. */
export function planAgents(
  graph: TopologyGraph,
  blocks: readonly Block[],
  zones: ZoneColumns,
): { width: number; place(sheet: Sheet): void } {
  const { aligned, columns, width } = zones;
  const framed = blocks.some((b) => b.group.zone !== undefined);
  const rows = aligned ? [blocks] : wrap(blocks, Math.max(ROW_WIDTH, width));
  const rowWidth = (list: readonly Block[]): number =>
    aligned ? width : list.reduce((sum, b) => sum + b.width, 0) + GAP * (list.length - 1);
  const rowHeight = (list: readonly Block[]): number => Math.max(...list.map((b) => b.height));
  const total = blocks.reduce((sum, b) => sum + (b.group.count ?? 0), 0);
  return {
    width: blocks.length === 0 ? 0 : Math.max(...rows.map(rowWidth)),
    place: (sheet) => {
      if (blocks.length === 0) return;
      let y = addBand(
        sheet,
        'agents',
        say`Agents`,
        framed ? count(total, 'node') : '',
        rows.reduce((sum, list) => sum + rowHeight(list), 0) + CHANNEL * (rows.length - 1),
      );
      for (const list of rows) {
        const left = centered(sheet, rowWidth(list));
        let x = left;
        for (const item of list) {
          const column = aligned ? columns.get(item.group.zone) : undefined;
          const frame = {
            x: column === undefined ? x : left + column.x,
            y,
            width: column?.width ?? item.width,
            height: rowHeight(list),
          };
          put(sheet, graph, item, frame, framed);
          x += item.width + GAP;
        }
        y += rowHeight(list) + CHANNEL;
      }
    },
  };
}

function put(sheet: Sheet, graph: TopologyGraph, item: Block, frame: Box, framed: boolean): void {
  if (framed) addFrame(sheet, item.group.id, item.group.zone, frame, graph, frame.x + frame.width - 6);
  else sheet.frames.push({ id: item.group.id, label: '', ...frame });
  const shift = Math.round((frame.width - item.width) / 2);
  for (const [id, box] of item.boxes) sheet.boxes[id] = { ...box, x: box.x + frame.x + shift, y: box.y + frame.y };
}

function block(group: Part, agents: readonly Part[], room: number | undefined, framed: boolean): Block {
  const top = framed ? FRAME_TITLE : FRAME_PAD;
  if (agents.length <= COLLAPSE_ABOVE) {
    const size = {
      width: boxWidth(
        agents.flatMap((a) => [a.label, a.detail ?? '']),
        140,
        220,
      ),
      height: AGENT_HEIGHT,
    };
    // Rows of about the same length: four agents stand two by two.
    const rows = Math.ceil(agents.length / (framed ? 2 : 3));
    return grid(group, agents, size, GAP / 2, Math.ceil(agents.length / rows), top, []);
  }
  if (room === undefined) {
    return {
      group,
      width: GROUP_SIZE.width + 2 * FRAME_PAD,
      height: top + GROUP_SIZE.height + FRAME_PAD,
      boxes: [[group.id, { x: FRAME_PAD, y: top, ...GROUP_SIZE }]],
    };
  }
  const size = {
    width:
      boxWidth(
        agents.map((a) => a.label),
        104,
        180,
      ) - 16,
    height: TILE_HEIGHT,
  };
  const perRow = Math.floor((room - 2 * FRAME_PAD + TILE_GAP) / (size.width + TILE_GAP));
  const header: [string, Box] = [
    group.id,
    { x: FRAME_PAD, y: top, width: GROUP_SIZE.width, height: GROUP_HEADER_HEIGHT },
  ];
  return grid(
    group,
    agents,
    size,
    TILE_GAP,
    Math.max(2, Math.min(perRow, agents.length)),
    top + GROUP_HEADER_HEIGHT + GAP / 2,
    [header],
  );
}

function grid(
  group: Part,
  agents: readonly Part[],
  size: { width: number; height: number },
  gap: number,
  perRow: number,
  top: number,
  head: readonly (readonly [string, Box])[],
): Block {
  const rows = Math.ceil(agents.length / perRow);
  const boxes = agents.map(
    (agent, i) =>
      [
        agent.id,
        {
          x: FRAME_PAD + (i % perRow) * (size.width + gap),
          y: top + Math.floor(i / perRow) * (size.height + gap),
          ...size,
        },
      ] as const,
  );
  return {
    group,
    width: Math.max(perRow * (size.width + gap) - gap, head[0]?.[1].width ?? 0) + 2 * FRAME_PAD,
    height: top + rows * (size.height + gap) - gap + FRAME_PAD,
    boxes: [...head, ...boxes],
  };
}

function wrap(blocks: readonly Block[], limit: number): readonly (readonly Block[])[] {
  const rows: Block[][] = [];
  let used = 0;
  for (const item of blocks) {
    const last = rows[rows.length - 1];
    if (last === undefined || used + GAP + item.width > limit) {
      rows.push([item]);
      used = item.width;
    } else {
      last.push(item);
      used += GAP + item.width;
    }
  }
  return rows;
}
