import type { Rule } from '../rule';
import { controlPlaneCustomTaint } from './controlPlaneCustomTaint';
import { controlPlaneSchedulable } from './controlPlaneSchedulable';
import { duplicateHostAddress } from './duplicateHostAddress';
import { duplicateNodeName } from './duplicateNodeName';
import { fileTargetOwned } from './fileTargetOwned';
import { labelRestricted } from './labelRestricted';
import { machineValueShared } from './machineValueShared';
import { manifestNameTaken } from './manifestNameTaken';
import { nodeNameInvalid } from './nodeNameInvalid';
import { taintAllNodes } from './taintAllNodes';
import { taintFormat } from './taintFormat';

/** Rules about machines, node names, labels and taints, the most valuable first. */
export const HOSTS_RULES: readonly Rule[] = [
  duplicateHostAddress,
  duplicateNodeName,
  machineValueShared,
  nodeNameInvalid,
  fileTargetOwned,
  manifestNameTaken,
  taintAllNodes,
  taintFormat,
  labelRestricted,
  controlPlaneCustomTaint,
  controlPlaneSchedulable,
];
