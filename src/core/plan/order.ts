import type { Span } from './events';
import { holdsOf } from './places';
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
 * The shortest time in which the steps could have run, in milliseconds, by how long each of them took: the longest chain
 * of steps that wait for each other, or more where many steps need something that only few may use at the same time, such
 * as one of the `places`.
 */
export function lowerBound(steps: readonly Step[], spans: ReadonlyMap<string, Span>, places: number): number {
  const lengthOf = (step: Step): number => {
    const span = spans.get(step.id);
    return span === undefined ? 0 : span.endMs - span.beginMs;
  };
  const before = new Map<string, number>();
  const behind = new Map<string, number>();
  for (const step of steps) {
    const begin = Math.max(0, ...step.after.map((id) => before.get(id) ?? 0));
    before.set(step.id, begin + lengthOf(step));
  }
  for (const step of [...steps].reverse()) {
    const rest = (behind.get(step.id) ?? 0) + lengthOf(step);
    for (const id of step.after) behind.set(id, Math.max(behind.get(id) ?? 0, rest));
  }
  const shares = new Map<string, { head: number; work: number; tail: number }>();
  for (const step of steps) {
    const head = (before.get(step.id) ?? 0) - lengthOf(step);
    const tail = behind.get(step.id) ?? 0;
    for (const { what, limit = 1 } of holdsOf(step, places)) {
      const share = shares.get(what) ?? { head, work: 0, tail };
      shares.set(what, {
        head: Math.min(share.head, head),
        work: share.work + lengthOf(step) / limit,
        tail: Math.min(share.tail, tail),
      });
    }
  }
  return Math.max(0, ...before.values(), ...[...shares.values()].map(({ head, work, tail }) => head + work + tail));
}
