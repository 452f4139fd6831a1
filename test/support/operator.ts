import type { Operator } from '../../src/engine/ports';

/** Somebody whose earlier processes are all gone. */
export const OPERATOR: Operator = { name: 'ada@laptop', process: 1000, isRunning: () => false };
