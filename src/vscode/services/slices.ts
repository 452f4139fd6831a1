import type { Steps } from '../../core/base/steps';

/** How long the extension host, which all extensions share, is kept busy at a time. */
const SLICE_MS = 12;

/** Does work in slices and lets others go first in between. Undefined when nobody wants the result any more. */
export async function inSlices<T>(steps: Steps<T>, isStale: () => boolean): Promise<T | undefined> {
  let deadline = performance.now() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < deadline) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (isStale()) return undefined;
    deadline = performance.now() + SLICE_MS;
  }
}
