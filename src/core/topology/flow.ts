import { TILE_HEIGHT } from './metrics';

/** Between boxes in a row, with room for a network between two zones. */
const GAP = 24;
const ROW_GAP = 10;

/** Something with a size that is put into a row. */
export interface Item {
  readonly width: number;
  readonly height: number;
  put(x: number, y: number): void;
}

/** Items side by side, as many in a row as fit. */
function rowsOf(items: readonly Item[], room: number): readonly (readonly Item[])[] {
  const rows: Item[][] = [];
  let used = 0;
  for (const item of items) {
    const row = rows.at(-1);
    if (row === undefined || used + gapOf(item) + item.width > room) {
      rows.push([item]);
      used = item.width;
    } else {
      row.push(item);
      used += gapOf(item) + item.width;
    }
  }
  return rows;
}

/** Tiles stand close together. */
function gapOf({ height }: Item): number {
  return height <= TILE_HEIGHT ? 6 : GAP;
}

function rowWidth(row: readonly Item[]): number {
  return row.reduce((sum, item, i) => sum + item.width + (i === 0 ? 0 : gapOf(item)), 0);
}

export function flowWidth(items: readonly Item[], room: number): number {
  return Math.max(0, ...rowsOf(items, room).map(rowWidth));
}

export function flowHeight(items: readonly Item[], room: number): number {
  const rows = rowsOf(items, room);
  return (
    rows.reduce((sum, row) => sum + Math.max(...row.map(({ height }) => height)) + ROW_GAP, 0) -
    (rows.length > 0 ? ROW_GAP : 0)
  );
}

/** Puts items into rows, each in the middle of the room. */
export function flow(items: readonly Item[], left: number, top: number, room: number): void {
  let y = top;
  for (const row of rowsOf(items, room)) {
    let x = left + Math.max(0, Math.round((room - rowWidth(row)) / 2));
    row.forEach((item, i) => {
      if (i > 0) x += gapOf(item);
      item.put(x, y);
      x += item.width;
    });
    y += Math.max(...row.map(({ height }) => height)) + ROW_GAP;
  }
}
