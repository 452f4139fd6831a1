import type { StepOutcome } from '../../core/plan/step';
import type { StepContext } from '../steps/step';

const PAUSE_MS = 1000;

/**
 * Looks until nothing is lacking any more, and tells what is whenever that changes. `look` gives what is lacking in words, or
 * the outcome of the step; `overdue` makes the failure of what is still lacking when K3s has had its time to start.
 */
export async function untilNothingLacks(
  at: StepContext,
  look: () => Promise<StepOutcome | string>,
  overdue: (lacking: string) => StepOutcome,
): Promise<StepOutcome> {
  const deadline = at.clock.now() + at.startTimeoutMs;
  let told = '';
  for (;;) {
    const lacking = await look();
    if (typeof lacking !== 'string') return lacking;
    if (at.clock.now() > deadline) return overdue(lacking);
    if (lacking !== told) at.progress(lacking);
    told = lacking;
    try {
      await at.clock.sleep(PAUSE_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}
