import type { Rule } from '../rule';
import { externalDbTokenMissing } from './externalDbTokenMissing';

/** Rules about tokens, the most valuable first. */
export const TOKENS_RULES: readonly Rule[] = [
  externalDbTokenMissing,
];
