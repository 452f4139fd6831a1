import { ALIGNED_WIDTH, GAP } from './metrics';

/** Where one zone stands; the servers band and the agents band share it. */
export interface Column {
  /** Pixels from the left edge of the columns. */
  readonly x: number;
  readonly width: number;
}

/** Widths in pixels by zone, in the order in which the zones stand. */
export type ZoneWidths = ReadonlyMap<string | undefined, number>;

export interface ZoneColumns {
  readonly columns: ReadonlyMap<string | undefined, Column>;
  /** Pixels of all columns with the gaps between them. */
  readonly width: number;
  /** The agents stand in the columns, too; else they form rows of their own. */
  readonly aligned: boolean;
}

/** The columns of the zones: as wide as servers and agents need, or as the servers alone when both do not fit. */
export function zoneColumns(servers: ZoneWidths, agents: ZoneWidths): ZoneColumns {
  const zones = [...new Set([...servers.keys(), ...agents.keys()])];
  const wide = inRow(zones.map((zone) => [zone, Math.max(servers.get(zone) ?? 0, agents.get(zone) ?? 0)]));
  // Agents that share no zone with a server have nothing to stand under.
  const aligned =
    wide.width <= ALIGNED_WIDTH && (agents.size === 0 || [...agents.keys()].some((zone) => servers.has(zone)));
  return { ...(aligned ? wide : inRow([...servers])), aligned };
}

function inRow(widths: readonly (readonly [string | undefined, number])[]): Omit<ZoneColumns, 'aligned'> {
  const columns = new Map<string | undefined, Column>();
  let x = 0;
  for (const [zone, width] of widths) {
    columns.set(zone, { x, width });
    x += width + GAP;
  }
  return { columns, width: Math.max(0, x - GAP) };
}
