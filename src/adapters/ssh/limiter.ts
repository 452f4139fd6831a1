/** Lets at most `limit` holders in at a time, in the order of asking. */
export interface Limiter {
  /** Resolves with the function that gives the place back; rejects with the signal's reason when aborted while waiting. */
  acquire(signal?: AbortSignal): Promise<() => void>;
  /** Holders right now. */
  readonly active: number;
  /** Lowers or raises the limit; present holders stay. */
  setLimit(limit: number): void;
}

export function createLimiter(initialLimit: number): Limiter {
  let limit = initialLimit;
  let active = 0;
  const waiting: (() => void)[] = [];

  const admit = (): void => {
    while (active < limit) {
      const next = waiting.shift();
      if (next === undefined) return;
      active += 1;
      next();
    }
  };

  const releaseOnce = (): (() => void) => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      active -= 1;
      admit();
    };
  };

  return {
    acquire(signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(enter), 1);
          reject(signal?.reason);
        };
        const enter = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve(releaseOnce());
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.push(enter);
        admit();
      });
    },
    get active() {
      return active;
    },
    setLimit(next) {
      limit = next;
      admit();
    },
  };
}
