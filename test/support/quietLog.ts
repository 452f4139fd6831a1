import type { Log } from '../../src/engine/ports';

const quiet = (): void => undefined;

/** A log that nobody reads. */
export const quietLog: Log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
