import type { ExplorerRow } from './explorer';

/** A row that is another object than before. */
export interface RowChange {
  readonly row: ExplorerRow;
  /** Whether it looks different, or other rows stand below it. */
  readonly visible: boolean;
}

/** What changed between two trees of rows, from the top. Rows that came or went show at the row above them. */
export function rowChanges(before: ExplorerRow, now: ExplorerRow): readonly RowChange[] {
  if (before === now) return [];
  const earlier = new Map(before.children.map((row) => [row.id, row]));
  const visible =
    !looksTheSame(before, now) ||
    before.children.length !== now.children.length ||
    now.children.some(({ id }, i) => id !== before.children[i]?.id);
  return [
    { row: now, visible },
    ...now.children.flatMap((row) => {
      const other = earlier.get(row.id);
      return other === undefined ? [] : rowChanges(other, row);
    }),
  ];
}

function looksTheSame(a: ExplorerRow, b: ExplorerRow): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.tooltip.markdown === b.tooltip.markdown &&
    a.icon === b.icon &&
    a.color === b.color &&
    a.context === b.context &&
    JSON.stringify(a.path) === JSON.stringify(b.path)
  );
}
