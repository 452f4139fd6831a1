import type { Rule } from '../rule';
import { lbPortConflict } from './lbPortConflict';
import { lbSinglePoint } from './lbSinglePoint';

/** Rules about the fixed address and what carries it, the most valuable first. */
export const LOAD_BALANCER_RULES: readonly Rule[] = [
  lbPortConflict,
  lbSinglePoint,
];
