/** One question, when it was asked, and whether it was answered as it should be; times in milliseconds. */
export interface Sample {
  readonly at: number;
  readonly ok: boolean;
}

export interface Gaps {
  readonly asked: number;
  readonly failed: number;
  /** From the last answer before questions failed to the first one after, as they were asked. */
  readonly longestMs: number;
}

/** What of the samples between two moments says how long nobody was there. One that was asked before belongs to a gap that it begins. */
export function gapsIn(samples: readonly Sample[], from: number, to: number): Gaps {
  const sorted = [...samples].sort((a, b) => a.at - b.at);
  const within = sorted.filter(({ at }) => at >= from && at <= to);
  let answered = sorted.findLast(({ at, ok }) => at < from && ok)?.at ?? from;
  let broken = false;
  let longestMs = 0;
  for (const { at, ok } of within) {
    if (ok && broken) longestMs = Math.max(longestMs, at - answered);
    if (ok) answered = at;
    broken = !ok;
  }
  if (broken) longestMs = Math.max(longestMs, to - answered);
  return { asked: within.length, failed: within.filter(({ ok }) => !ok).length, longestMs };
}
