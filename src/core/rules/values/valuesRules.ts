import type { Rule } from '../rule';
import { placeholderValue } from './placeholderValue';
import { referenceMisspelt } from './referenceMisspelt';

/** Rules about values that are not filled in, the most valuable first. */
export const VALUES_RULES: readonly Rule[] = [placeholderValue, referenceMisspelt];
