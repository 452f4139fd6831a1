/** One line of a change: as it was, as it is, or next to a change. */
interface ChangedLine {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
  /** One-based, in the text before; an added line has the one that it comes before. */
  readonly line: number;
}

/**
 * What a change did, as lines of a unified diff with one line of context. `@@ 12` says that what follows begins at line 12 of the text before,
 * so that no two changes of one text read alike.
 */
export function hunksOf(before: string, after: string): string[] {
  const lines = changedLines(before.split('\n'), after.split('\n'));
  const isShown = (i: number) => [i - 1, i, i + 1].some((near) => (lines[near]?.sign ?? ' ') !== ' ');
  return lines.flatMap(({ sign, text, line }, i) => {
    if (!isShown(i)) return [];
    return [...(i > 0 && isShown(i - 1) ? [] : [`@@ ${line}`]), `${sign}${text}`];
  });
}

/** The longest common sequence of lines, with what was removed before what was added. */
function changedLines(before: readonly string[], after: readonly string[]): ChangedLine[] {
  const common = commonLengths(before, after);
  const lengthAt = (i: number, j: number) => common[i]?.[j] ?? 0;
  const lines: ChangedLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      lines.push({ sign: ' ', text: old, line: i + 1 });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      lines.push({ sign: '-', text: old, line: i + 1 });
      i++;
    } else {
      lines.push({ sign: '+', text: now ?? '', line: i + 1 });
      j++;
    }
  }
  return lines;
}

/** How many lines two texts have in common from line i of the one and line j of the other. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    const [row = [], below = []] = [common[i], common[i + 1]];
    for (let j = after.length - 1; j >= 0; j--)
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return common;
}
