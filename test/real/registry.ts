import type { RealOperation } from './operation';
import { failover } from './operations/failover';
import { kubeconfig } from './operations/kubeconfig';
import { provision } from './operations/provision';
import { reApply } from './operations/reApply';
import { restart } from './operations/restart';
import { upgrade } from './operations/upgrade';

/** In the order in which they are tried: each finds the cluster as the one before has left it. */
export const REAL_OPERATIONS: readonly RealOperation[] = [provision, kubeconfig, reApply, restart, upgrade, failover];
