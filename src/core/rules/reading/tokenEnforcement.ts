import { hasReached } from '../../k3s/versionGate';
import type { Cluster } from '../../cluster/cluster';

/** The first releases that compare tokens when they share an external database. https://docs.k3s.io/datastore/ha */
export const ENFORCING = ['v1.19.13+k3s1', 'v1.20.9+k3s1', 'v1.21.3+k3s1'];

/** Whether this release of K3s insists on the token of the external database's data. */
export function enforcesToken(cluster: Cluster): boolean {
  return hasReached(cluster.k3s.version, ENFORCING);
}
