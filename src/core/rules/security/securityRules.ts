import type { Rule } from '../rule';
import { kubeconfigModeUnquoted } from './kubeconfigModeUnquoted';
import { plaintextSecret } from './plaintextSecret';

/** Rules about secrets and access, the most valuable first. */
export const SECURITY_RULES: readonly Rule[] = [
  kubeconfigModeUnquoted,
  plaintextSecret,
];
