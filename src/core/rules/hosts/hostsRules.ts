import type { Rule } from '../rule';
import { controlPlaneCustomTaint } from './controlPlaneCustomTaint';
import { duplicateHostAddress } from './duplicateHostAddress';
import { duplicateNodeName } from './duplicateNodeName';
import { nodeNameInvalid } from './nodeNameInvalid';
import { taintFormat } from './taintFormat';

/** Rules about machines, node names, labels and taints, the most valuable first. */
export const HOSTS_RULES: readonly Rule[] = [
  duplicateHostAddress,
  duplicateNodeName,
  nodeNameInvalid,
  taintFormat,
  controlPlaneCustomTaint,
];
