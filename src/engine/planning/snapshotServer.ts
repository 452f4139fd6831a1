import type { ClusterNode } from '../../core/cluster/cluster';
import { etcdMembers } from '../../core/cluster/roles';
import type { Situation } from './situation';
import { isRunning } from './starts';

/** The server that saves a snapshot of the cluster: a member of etcd that runs, and answered if one did. */
export function snapshotServer({ cluster, facts, live }: Situation): ClusterNode | undefined {
  const running = etcdMembers(cluster).filter((server) => isRunning(server, facts));
  return running.find(({ id }) => id === live?.through) ?? running.find(({ id }) => facts.get(id)?.etcdData === true);
}
