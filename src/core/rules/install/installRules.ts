import type { Rule } from '../rule';
import { mirrorIgnored } from './mirrorIgnored';
import { scriptHostRetired } from './scriptHostRetired';
import { scriptPlainHttp } from './scriptPlainHttp';

/** Rules about how K3s gets onto the hosts, the most valuable first. */
export const INSTALL_RULES: readonly Rule[] = [
  scriptPlainHttp,
  scriptHostRetired,
  mirrorIgnored,
];
