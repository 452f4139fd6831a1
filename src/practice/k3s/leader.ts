import { canReach } from '../network';
import { isAlive } from '../machine/host';
import type { World } from '../world';
import type { K3sCluster } from './cluster';
import { hasQuorum, type EtcdMember } from './etcd';

/** The members as etcd lists them: in the order of their ids. */
export function byId(cluster: K3sCluster): readonly EtcdMember[] {
  return [...cluster.members].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

/** The member that leads: it stays leader as long as it runs and a majority reaches it. */
export function electLeader(world: World, cluster: K3sCluster): EtcdMember | undefined {
  const leads = (member: EtcdMember): boolean =>
    member.online &&
    !member.learner &&
    isAlive(member.host) &&
    hasQuorum(cluster.members, (other) => canReach(world, member.host, other.host));
  const { leader } = cluster;
  if (leader === undefined || !cluster.members.has(leader) || !leads(leader))
    cluster.leader = byId(cluster).find(leads);
  return cluster.leader;
}
