import type { ClusterNode } from '../../cluster/cluster';
import { unitOf } from '../../cluster/roles';
import type { HostFacts } from '../../facts/probe';

/** Whether K3s is installed on a machine as the file wants it. */
export function isInstalled(node: ClusterNode, seen: HostFacts): boolean {
  return seen.units[unitOf(node)] !== undefined;
}

/** Whether it runs there. */
export function runs(node: ClusterNode, seen: HostFacts): boolean {
  return seen.units[unitOf(node)]?.active === 'active';
}
