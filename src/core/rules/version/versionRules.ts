import type { Rule } from '../rule';
import { versionFormat } from './versionFormat';
import { versionNotPinned } from './versionNotPinned';
import { versionUnsupported } from './versionUnsupported';

/** Rules about the K3s version, the most valuable first. */
export const VERSION_RULES: readonly Rule[] = [versionFormat, versionNotPinned, versionUnsupported];
