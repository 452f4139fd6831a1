import { setImmediate as pause } from 'node:timers/promises';
import type { Steps } from '../core/base/steps';
import { EXIT } from './exitCodes';
import { tell } from './output';

/** Work at a time between two looks at signals, in milliseconds. */
const SLICE_MS = 25;
/** From a signal to the end of the process at the latest, in milliseconds: hosts that do not answer are not waited for. */
const PATIENCE_MS = 800;

/** Between two looks at what is owed, in milliseconds. */
const LOOK_MS = 100;

let owed: () => readonly string[] = () => [];

/** As long as `work` owes something to hosts, a single signal does not end the process. */
export async function owing<T>(what: () => readonly string[], work: () => Promise<T>): Promise<T> {
  owed = what;
  try {
    return await work();
  } finally {
    owed = () => [];
  }
}

/**
 * The first Ctrl-C or SIGTERM cancels the work and leaves it a moment to tell what it left and to say goodbye to hosts, from when
 * it owes them nothing on; the second, or the end of that moment, ends the process.
 */
export function cancelOnSignals(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.cancelled);
    tell('Stopping … (press Ctrl-C again to stop at once)');
    controller.abort();
    leave(performance.now() + PATIENCE_MS);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return controller.signal;
}

/** Ends the process at this time, or as much later as something is owed. */
function leave(at: number, told = false): void {
  const still = owed();
  if (still.length > 0 && !told) tell(`Waiting for what puts things right: ${still.join('; ')}`);
  const end = still.length > 0 ? performance.now() + PATIENCE_MS : at;
  setTimeout(() => {
    if (performance.now() < end || owed().length > 0) return leave(end, told || still.length > 0);
    tell(
      'Stopped without waiting any longer. What was begun on a host may still be running there; the next run looks first.',
    );
    process.exit(EXIT.cancelled);
  }, LOOK_MS).unref();
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
