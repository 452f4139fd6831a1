/** A file of a host before and after, with secrets as «secret». `before` is absent for a new file, `after` for one that goes. */
export interface FileDifference {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** A line of a difference: `-` goes, `+` comes, ` ` stays. */
export interface DifferenceLine {
  readonly mark: '-' | '+' | ' ';
  readonly text: string;
}

/** What becomes of the file. */
export function differenceWord({ before, after }: FileDifference): 'new' | 'changed' | 'removed' {
  if (after === undefined) return 'removed';
  return before === undefined ? 'new' : 'changed';
}

/** Lines that stay are told this far around a change. */
const AROUND = 1;

/**
 * What changes, with a line of the surroundings; `undefined` between two lines stands for lines that are left out.
 * A longest common subsequence, so no line is told as changed that is not; files of hosts have few lines.
 */
export function differenceLines({ before, after }: FileDifference): readonly (DifferenceLine | undefined)[] {
  const all = everyLine(linesOf(before), linesOf(after));
  const near = all.map((_, at) =>
    all.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ mark }) => mark !== ' '),
  );
  const shown: (DifferenceLine | undefined)[] = [];
  for (const [at, line] of all.entries()) {
    if (near[at] === true) shown.push(line);
    else if (shown.at(-1) !== undefined && near.slice(at).includes(true)) shown.push(undefined);
  }
  return shown;
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.replace(/\n$/, '').split('\n');
}

function everyLine(before: readonly string[], after: readonly string[]): readonly DifferenceLine[] {
  // lengths[i][j]: common lines of before[i…] and after[j…]
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as number[];
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: DifferenceLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      found.push({ mark: ' ', text: before[i] ?? '' });
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ mark: '-', text: before[i] ?? '' });
      i += 1;
    } else {
      found.push({ mark: '+', text: after[j] ?? '' });
      j += 1;
    }
  }
  return found;
}
