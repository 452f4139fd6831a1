/** Above this many line pairs a comparison would be felt; the printed text is then taken as it is. */
const MAX_PAIRS = 4_000_000;

/**
 * A YAML printer normalizes spacing (blank lines, aligned comments, padded braces). This carries only the change from
 * `printedBefore` to `printedAfter` over to `original`, so that untouched lines stay as people wrote them.
 * The result is a proposal: its reader checks that it says the same as `printedAfter`.
 */
export function keepSpacing(original: string, printedBefore: string, printedAfter: string): string {
  const [own, before, after] = [original.split('\n'), printedBefore.split('\n'), printedAfter.split('\n')];
  const toOwn = pairLines(before.map(squeeze), own.map(squeeze));
  const toBefore = pairLines(after, before);
  const paired = new Set(toOwn.values());
  const result: string[] = [];
  let next = 0;
  after.forEach((line, i) => {
    const source = toOwn.get(toBefore.get(i) ?? -1);
    if (source === undefined) {
      result.push(line);
      return;
    }
    // Lines that the printer dropped: blank ones.
    for (; next < source; next++) if (!paired.has(next)) result.push(own[next] ?? '');
    next = source + 1;
    result.push(own[source] ?? line);
  });
  return result.join('\n');
}

function squeeze(line: string): string {
  return line.replaceAll(/\s/g, '');
}

/** Longest common subsequence as a map from line numbers of `a` to line numbers of `b`. */
function pairLines(a: readonly string[], b: readonly string[]): Map<number, number> {
  const pairs = new Map<number, number>();
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) pairs.set(start, start++);
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) pairs.set(--endA, --endB);
  const [rows, columns] = [endA - start, endB - start];
  if (rows * columns > MAX_PAIRS) return pairs;
  const width = columns + 1;
  const length = new Uint32Array((rows + 1) * width);
  const at = (i: number, j: number): number => length[i * width + j] ?? 0;
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      length[i * width + j] =
        a[start + i] === b[start + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (a[start + i] === b[start + j]) pairs.set(start + i++, start + j++);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
