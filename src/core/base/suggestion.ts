/** The candidate that `written` is most likely meant to be, or undefined when none is close. */
export function closest(written: string, candidates: readonly string[]): string | undefined {
  const same = candidates.find((candidate) => plain(candidate) === plain(written));
  if (same !== undefined) return same;
  const limit = Math.max(1, Math.floor(written.length / 3));
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(written.toLowerCase(), candidate.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit);
  return ranked.sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** Whether two names differ in nothing but case and separators: `tlsSan`, `tls_san`, `tls-san`. */
export function isSpellingVariant(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[-_.\s]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbors between two texts; gives up above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_none, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}
