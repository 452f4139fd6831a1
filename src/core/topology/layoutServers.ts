import { say } from '../base/say';
import type { ZoneColumns, ZoneWidths } from './columns';
import { ENTRY, FRAME_PAD, FRAME_TITLE, GAP, NETWORK_SIZE, SERVER_HEIGHT, SQLITE_HEIGHT, boxWidth } from './metrics';
import type { Part, TopologyGraph } from './model';
import { addBand, addFrame, byZone, centered, row, rowOf, zoneTitleWidth, type Sheet } from './sheet';

/** The servers of each zone before they have a place. */
export interface ServerFrames {
  readonly groups: ReturnType<typeof byZone>;
  /** The file of SQLite by the server that holds it. */
  readonly sqlite: ReadonlyMap<string | undefined, Part>;
  /** Zones have frames. */
  readonly framed: boolean;
  /** Of the box of one server, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** What the servers of a zone need with their frame. */
  readonly widths: ZoneWidths;
}

/** How big the servers' boxes are, and how wide the frame of each zone has to be. */
export function serverFrames(graph: TopologyGraph): ServerFrames {
  const groups = byZone(graph.parts.filter((p) => p.kind === 'server'));
  const sqlite = new Map(graph.parts.filter((p) => p.kind === 'sqlite').map((p) => [p.inside, p]));
  const zones = graph.parts.filter((p) => p.kind === 'zone');
  const framed = groups.some((g) => g.zone !== undefined);
  const texts = groups.flatMap((g) => g.parts.flatMap((p) => [p.label, p.detail ?? '']));
  const size = {
    // The line from above enters right of the zone's title.
    width: Math.max(boxWidth(texts, 152, 240), ...zones.map((z) => Math.min(240, zoneTitleWidth(z.label) + ENTRY))),
    height: SERVER_HEIGHT + (sqlite.size > 0 ? SQLITE_HEIGHT + 8 : 0),
  };
  const pad = framed ? FRAME_PAD : 0;
  const widths = new Map(groups.map((g) => [g.zone, rowOf(g.parts.length, size.width, GAP) + 2 * pad]));
  return { groups, sqlite, framed, size, widths };
}

/** The servers band: a frame for every zone, as wide as its column. */
export function planServers(
  graph: TopologyGraph,
  frames: ServerFrames,
  zones: ZoneColumns,
): { width: number; place(sheet: Sheet): void } {
  const { groups, sqlite, framed, size } = frames;
  const { columns, width } = zones;
  const [pad, title] = framed ? [FRAME_PAD, FRAME_TITLE] : [0, 0];
  return {
    width,
    place: (sheet) => {
      const height = title + size.height + pad;
      const top = addBand(sheet, 'servers', say`Servers`, '', groups.length === 0 ? 24 : height);
      const left = centered(sheet, width);
      for (const group of groups) {
        const column = columns.get(group.zone) ?? { x: 0, width };
        const first = left + column.x + Math.round((column.width - rowOf(group.parts.length, size.width, GAP)) / 2);
        if (framed)
          addFrame(
            sheet,
            `servers:${group.zone ?? ''}`,
            group.zone,
            { x: left + column.x, y: top, width: column.width, height },
            graph,
            first + size.width - ENTRY - 8,
          );
        row(sheet, group.parts, first, top + title, size, GAP);
        const before = groups[groups.indexOf(group) - 1];
        if (before !== undefined) placeNetwork(sheet, graph, before.zone, group.zone, left + column.x, top, height);
        for (const server of group.parts) {
          const file = sqlite.get(server.id);
          const box = sheet.boxes[server.id];
          if (file !== undefined && box !== undefined)
            sheet.boxes[file.id] = {
              x: box.x + 10,
              y: box.y + box.height - SQLITE_HEIGHT - 10,
              width: box.width - 20,
              height: SQLITE_HEIGHT,
            };
        }
      }
    },
  };
}

/** The network between two neighboring zones stands in the gap of their frames. */
function placeNetwork(
  sheet: Sheet,
  graph: TopologyGraph,
  a: string | undefined,
  b: string | undefined,
  right: number,
  top: number,
  height: number,
): void {
  const part = graph.parts.find(({ between }) => between !== undefined && between[0] === a && between[1] === b);
  if (part !== undefined)
    sheet.boxes[part.id] = {
      x: right - GAP / 2 - NETWORK_SIZE / 2,
      y: top + Math.round((height - NETWORK_SIZE) / 2),
      width: NETWORK_SIZE,
      height: NETWORK_SIZE,
    };
}
