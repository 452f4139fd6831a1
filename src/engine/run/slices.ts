import type { Steps } from '../../core/base/steps';
import type { Clock } from '../ports';

/** Work between two pauses, in milliseconds: connections and whatever shows the run get their turn in between. */
const SLICE_MS = 10;

/** Carries out long work without keeping everything else of this program waiting. */
export async function inSlices(steps: void | Steps<void>, clock: Clock): Promise<void> {
  let began = clock.now();
  for (;;) {
    if (steps?.next().done !== false) return;
    if (clock.now() - began < SLICE_MS) continue;
    await clock.sleep(0);
    began = clock.now();
  }
}
