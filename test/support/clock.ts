import type { Clock } from '../../src/engine/ports';

/** As long as this nobody waits for something to happen: what is to be done that seldom is not a matter of such a test. */
const FOR_EVER_MS = 20_000;

/** A clock on which short waits take no time. */
export function fastClock(start = 1_790_000_000_000): Clock {
  let now = start;
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error);
        const abort = (): void => reject(signal?.reason as Error);
        signal?.addEventListener('abort', abort, { once: true });
        if (ms >= FOR_EVER_MS) return;
        now += ms;
        setImmediate(() => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
      }),
  };
}
