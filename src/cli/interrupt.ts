import { setImmediate as pause } from 'node:timers/promises';
import type { Steps } from '../core/base/steps';
import { EXIT } from './exitCodes';
import { tell } from './output';

/** Work at a time between two looks at signals, in milliseconds. */
const SLICE_MS = 25;
/** From a signal to the end of the process at the latest, in milliseconds: hosts that do not answer are not waited for. */
const PATIENCE_MS = 800;

/**
 * The first Ctrl-C or SIGTERM cancels the work and leaves it a moment to tell what it left and to say goodbye to hosts;
 * the second, or the end of that moment, ends the process.
 */
export function cancelOnSignals(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.cancelled);
    tell('Stopping … (press Ctrl-C again to stop at once)');
    controller.abort();
    setTimeout(() => {
      tell(
        'Stopped without waiting any longer. What was begun on a host may still be running there; the next run looks first.',
      );
      process.exit(EXIT.cancelled);
    }, PATIENCE_MS).unref();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return controller.signal;
}

/** Long work with pauses in which signals arrive; undefined when it was cancelled. */
export async function unlessCancelled<T>(steps: Steps<T>, signal: AbortSignal): Promise<T | undefined> {
  for (let deadline = performance.now() + SLICE_MS; ;) {
    if (signal.aborted) return undefined;
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < deadline) continue;
    await pause();
    deadline = performance.now() + SLICE_MS;
  }
}
