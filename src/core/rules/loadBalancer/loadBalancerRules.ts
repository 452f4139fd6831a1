import type { Rule } from '../rule';
import { lbBootstrapHealth } from './lbBootstrapHealth';
import { lbNotL4 } from './lbNotL4';
import { lbPortConflict } from './lbPortConflict';
import { lbSinglePoint } from './lbSinglePoint';
import { vipAddressInUse } from './vipAddressInUse';
import { vipNotInNodeSubnet } from './vipNotInNodeSubnet';

/** Rules about the fixed address and what carries it, the most valuable first. */
export const LOAD_BALANCER_RULES: readonly Rule[] = [
  lbPortConflict,
  lbNotL4,
  vipAddressInUse,
  vipNotInNodeSubnet,
  lbSinglePoint,
  lbBootstrapHealth,
];
