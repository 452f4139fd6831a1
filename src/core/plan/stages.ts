import type { Step } from './step';

/** Steps by the earliest moment they can begin: those of one stage wait for nothing of the same stage. */
export function stages(steps: readonly Step[]): readonly (readonly Step[])[] {
  const level = new Map<string, number>();
  const result: Step[][] = [];
  for (const step of steps) {
    const at = Math.max(-1, ...step.after.map((before) => level.get(before) ?? -1)) + 1;
    level.set(step.id, at);
    (result[at] ??= []).push(step);
  }
  return result;
}
