import type { RealOperation } from './operation';
import { certificates } from './operations/certificates';
import { encryption } from './operations/encryption';
import { failover } from './operations/failover';
import { kubeconfig } from './operations/kubeconfig';
import { provision } from './operations/provision';
import { reApply } from './operations/reApply';
import { replace } from './operations/replace';
import { restart } from './operations/restart';
import { restore } from './operations/restore';
import { snapshot } from './operations/snapshot';
import { upgrade } from './operations/upgrade';

/** In the order in which they are tried: each finds the cluster as the one before has left it. */
export const REAL_OPERATIONS: readonly RealOperation[] = [
  provision,
  kubeconfig,
  reApply,
  restart,
  upgrade,
  snapshot,
  restore,
  replace,
  certificates,
  encryption,
  failover,
];
