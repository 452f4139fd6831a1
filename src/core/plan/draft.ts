import type { Problem } from '../base/problem';
import type { MachineId, Step } from './step';

/** A plan while it is made. */
export interface Draft {
  readonly steps: readonly Step[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /**
   * Adds a step behind the last one on the same machine and behind those in `after`; gives its id. Throws when there is a
   * step of that id: a run keeps states by id, so one of the two would never be carried out, and still be told as done.
   */
  add(step: Step, after?: readonly string[]): string;
  /** Reasons why nothing may be done. */
  refuse(...problems: readonly Problem[]): void;
  note(...notes: readonly string[]): void;
}

export function createDraft(): Draft {
  const steps: Step[] = [];
  const problems: Problem[] = [];
  const notes: string[] = [];
  const ids = new Set<string>();
  const lastOn = new Map<MachineId, string>();
  return {
    steps,
    problems,
    notes,
    add(step, after = []) {
      if (ids.has(step.id)) throw new Error(`the plan has two steps ${step.id}`);
      const previous = lastOn.get(step.on);
      const waits = new Set([...step.after, ...(previous === undefined ? [] : [previous]), ...after]);
      steps.push({ ...step, after: [...waits] });
      ids.add(step.id);
      lastOn.set(step.on, step.id);
      return step.id;
    },
    refuse: (...found) => void problems.push(...found),
    note: (...found) => void notes.push(...found),
  };
}
