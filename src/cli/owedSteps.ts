import type { RunEvent } from '../core/plan/events';
import type { Step, StepState } from '../core/plan/step';

/** What a run owes to the machines that it has touched, as it goes on. */
export interface OwedSteps {
  note(event: RunEvent): void;
  /** `server-2: Start k3s again`, for each step that puts right what was begun, or must not be left half done. */
  owed(): readonly string[];
}

const OPEN: ReadonlySet<StepState> = new Set(['pending', 'running']);
const BEGUN: ReadonlySet<StepState> = new Set(['running', 'done', 'failed', 'unknown']);

/** Follows a run by its events: what it owes is carried out whoever cancels, so the process may not end before. */
export function owedSteps(steps: readonly Step[]): OwedSteps {
  const states = new Map<string, StepState>();
  const state = (id: string): StepState => states.get(id) ?? 'pending';
  const isOwed = ({ id, always, whole, after }: Step): boolean =>
    whole === true || always === true
      ? state(id) === 'running' ||
        (always === true && OPEN.has(state(id)) && after.some((before) => BEGUN.has(state(before))))
      : false;
  return {
    note: (event) => {
      if (event.type === 'step') states.set(event.step, event.state);
    },
    owed: () => steps.filter(isOwed).map(({ about, says }) => `${about}: ${says.title}`),
  };
}
