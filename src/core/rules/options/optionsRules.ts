import type { Rule } from '../rule';
import { flagRemoved } from './flagRemoved';

/** Rules about K3s's options: known, removed, deprecated, well-formed, the most valuable first. */
export const OPTIONS_RULES: readonly Rule[] = [
  flagRemoved,
];
