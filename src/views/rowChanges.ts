import { keyOf, type ExplorerRow } from './explorerRow';

/** A row that is another object than before. */
export interface RowChange {
  readonly row: ExplorerRow;
  /** Whether it looks different, or other rows stand below it. */
  readonly visible: boolean;
}

/** What changed between two trees of rows, from the top. Rows that came or went show at the row above them. */
export function rowChanges(before: ExplorerRow, now: ExplorerRow): readonly RowChange[] {
  if (before === now) return [];
  const inPlace =
    before.children.length === now.children.length &&
    now.children.every((row, i) => row === before.children[i] || keyOf(row) === keyAt(before.children, i));
  const found: RowChange[] = [{ row: now, visible: !inPlace || !looksTheSame(before, now) }];
  const earlier = inPlace ? undefined : new Map(before.children.map((row) => [keyOf(row), row]));
  for (const [i, row] of now.children.entries()) {
    const other = earlier === undefined ? before.children[i] : earlier.get(keyOf(row));
    if (other !== undefined && other !== row) found.push(...rowChanges(other, row));
  }
  return found;
}

function looksTheSame(a: ExplorerRow, b: ExplorerRow): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.spoken === b.spoken &&
    a.tooltip.markdown === b.tooltip.markdown &&
    a.icon === b.icon &&
    a.color === b.color &&
    a.context === b.context &&
    a.can === b.can &&
    JSON.stringify(a.links) === JSON.stringify(b.links) &&
    JSON.stringify(a.path) === JSON.stringify(b.path)
  );
}

function keyAt(rows: readonly ExplorerRow[], i: number): string | undefined {
  const { [i]: row } = rows;
  return row === undefined ? undefined : keyOf(row);
}
