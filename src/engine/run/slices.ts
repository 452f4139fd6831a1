import type { Steps } from '../../core/base/steps';
import type { Clock } from '../ports';

/** Work between two pauses, in milliseconds: connections and whatever shows the run get their turn in between. */
const SLICE_MS = 10;

/**
 * Carries out long works, one after the other, without keeping everything else of this program waiting. Works that follow
 * each other without a pause share a slice.
 */
export function slicer(clock: Clock): <T>(steps: Steps<T>) => Promise<T> {
  let began = clock.now();
  return async (steps) => {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (clock.now() - began < SLICE_MS) continue;
      await clock.sleep(0);
      began = clock.now();
    }
  };
}
