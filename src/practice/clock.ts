import type { Clock } from '../engine/ports';

/** The time of a practice fleet: waits are given in simulated milliseconds, `now()` is the real time of day. */
export interface PracticeClock extends Clock {
  /** Calls `work` every `ms` simulated milliseconds until the returned function is called. */
  every(ms: number, work: () => void): () => void;
}

/** A clock whose waits last `scale` times as long as asked for: 0.1 makes everything ten times faster. */
export function scaledClock(scale: number): PracticeClock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const abort = (): void => {
          clearTimeout(timer);
          reject(signal?.reason as Error);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', abort);
          resolve();
        }, ms * scale);
        signal?.addEventListener('abort', abort, { once: true });
      }),
    every: (ms, work) => {
      const timer = setInterval(work, ms * scale);
      return () => clearInterval(timer);
    },
  };
}
