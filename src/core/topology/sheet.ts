import { say } from '../base/say';
import { BAND_PAD, CHANNEL, GUTTER, TITLE_WIDTH, textWidth } from './metrics';
import type { Band, Box, Frame, Layout, Part, TopologyGraph } from './model';

/** What the placing steps fill, from top to bottom. */
export interface Sheet {
  readonly boxes: Record<string, Box>;
  readonly bands: Band[];
  readonly frames: Frame[];
  ring?: Layout['ring'];
  /** Lower edge of what is placed so far. */
  y: number;
  /** Width right of the titles; every band is centered in it. */
  contentWidth: number;
}

/** The servers or agents of one zone. */
export interface Neighbors {
  readonly zone: string | undefined;
  readonly parts: readonly Part[];
}

/** Adds a band of `height` below the others and returns the top of its content. */
export function addBand(sheet: Sheet, id: Band['id'], title: string, note: string, height: number): number {
  const y = sheet.y === 0 ? BAND_PAD : sheet.y + CHANNEL;
  sheet.bands.push({
    id,
    title,
    note,
    x: GUTTER,
    y,
    width: TITLE_WIDTH + sheet.contentWidth + 2 * BAND_PAD,
    height: height + 2 * BAND_PAD,
  });
  sheet.y = y + height + 2 * BAND_PAD;
  return y + BAND_PAD;
}

/** Left edge that centers `width` in the content. */
export function centered(sheet: Sheet, width: number): number {
  return GUTTER + BAND_PAD + TITLE_WIDTH + Math.round((sheet.contentWidth - width) / 2);
}

/**
 * A frame for the nodes of a zone. The zone's own part (it can fail as a whole) sits in the title of the zone's first
 * frame and ends before `titleEnd`.
 */
export function addFrame(
  sheet: Sheet,
  id: string,
  zone: string | undefined,
  box: Box,
  graph: TopologyGraph,
  titleEnd: number,
): void {
  sheet.frames.push({ id, label: zone === undefined ? say`no zone` : say`zone ${zone}`, ...box });
  const part = graph.parts.find((p) => p.kind === 'zone' && p.zone === zone);
  if (part === undefined || sheet.boxes[part.id] !== undefined) return;
  sheet.boxes[part.id] = {
    x: box.x + 6,
    y: box.y + 5,
    width: Math.min(titleEnd - box.x - 6, zoneTitleWidth(part.label)),
    height: 22,
  };
}

/** Icon, name and a mark. */
export function zoneTitleWidth(zone: string): number {
  return textWidth(zone, 12) + 60;
}

/** Parts in the order of the file, by zone. */
export function byZone(parts: readonly Part[]): readonly Neighbors[] {
  const found = new Map<string | undefined, Part[]>();
  for (const part of parts) {
    const list = found.get(part.zone);
    if (list === undefined) found.set(part.zone, [part]);
    else list.push(part);
  }
  return [...found].map(([zone, members]) => ({ zone, parts: members }));
}

/** Width of `n` boxes in a row. */
export function rowOf(n: number, width: number, gap: number): number {
  return n === 0 ? 0 : n * width + (n - 1) * gap;
}

/** Places parts side by side. */
export function row(
  sheet: Sheet,
  parts: readonly Part[],
  left: number,
  top: number,
  size: { readonly width: number; readonly height: number },
  gap: number,
): void {
  parts.forEach((part, i) => {
    sheet.boxes[part.id] = { x: left + i * (size.width + gap), y: top, width: size.width, height: size.height };
  });
}
