import type { Step } from './step';

/** Milliseconds from the start of each step to the end of everything that waits for it: the longer, the more urgent. */
export function urgency(steps: readonly Step[]): ReadonlyMap<string, number> {
  const followers = new Map<string, Step[]>();
  for (const step of steps)
    for (const before of step.after) followers.set(before, [...(followers.get(before) ?? []), step]);
  const result = new Map<string, number>();
  // Steps are listed after everything they wait for, so one pass from the end suffices.
  for (const step of [...steps].reverse()) {
    const longest = Math.max(0, ...(followers.get(step.id) ?? []).map((next) => result.get(next.id) ?? 0));
    result.set(step.id, step.estimateMs + longest);
  }
  return result;
}

/**
 * The shortest time in which the steps could run with unlimited parallelism: the longest chain.
 * `durations` are measured milliseconds by step id.
 */
export function lowerBound(steps: readonly Step[], durations: ReadonlyMap<string, number>): number {
  const ends = new Map<string, number>();
  for (const step of steps) {
    const begin = Math.max(0, ...step.after.map((before) => ends.get(before) ?? 0));
    ends.set(step.id, begin + (durations.get(step.id) ?? 0));
  }
  return Math.max(0, ...ends.values());
}
