import type { Cluster, ClusterMachine } from './cluster';
import { machinesOf, nodesOf } from './roles';

/** The first machine that a practice fleet cannot play: it plays hosts with addresses of this machine only. */
export function firstRealNode(
  cluster: Pick<Cluster, 'servers' | 'agents' | 'loadBalancer'>,
): ClusterMachine | undefined {
  return machinesOf(cluster).find(({ host }) => !host.startsWith('127.'));
}

/** Whether all hosts of a cluster are addresses of this machine, as those of a practice fleet are. */
export function isPlayable(cluster: Pick<Cluster, 'servers' | 'agents' | 'loadBalancer'>): boolean {
  return nodesOf(cluster).length > 0 && firstRealNode(cluster) === undefined;
}
