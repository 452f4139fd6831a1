import type { Cluster } from '../../core/cluster/cluster';
import { dataDir } from '../../core/cluster/options';
import { etcdMembers, servesApi } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import { nodeHealth } from '../../core/health/nodeHealth';
import { nodeMarks } from '../../core/health/nodeMarks';
import { etcdMembers as readEtcd } from '../../core/remote/etcd';
import { listNodes } from '../../core/remote/kubectl';
import { listSnapshots } from '../../core/remote/listSnapshots';
import { target } from '../hosts/targets';
import type { Wanted } from '../operations/operation';
import type { LiveCluster } from '../planning/situation';
import { hasData, isRunning } from '../planning/starts';
import type { Clock, RemoteHosts } from '../ports';

/** What the cluster says of itself; undefined when none of its servers runs or answers. */
export async function askCluster(
  cluster: Cluster,
  facts: ReadonlyMap<string, HostFacts>,
  { hosts, clock }: { readonly hosts: RemoteHosts; readonly clock: Clock },
  needs: Wanted['operation']['needs'],
  signal: AbortSignal | undefined,
): Promise<LiveCluster | undefined> {
  const options = signal === undefined ? {} : { signal };
  const members = new Set(etcdMembers(cluster).map(({ id }) => id));
  const running = cluster.servers.filter((node) => isRunning(node, facts) && hasData(facts.get(node.id)));
  const first = (candidates: typeof running): typeof running => [
    ...candidates.filter((node) => servesApi(cluster, node)),
    ...candidates,
  ];
  for (const server of new Set(first(running))) {
    const [nodes, etcd, snapshots] = await Promise.all([
      hosts.run(target(server), listNodes(), options),
      members.has(server.id) ? hosts.run(target(server), readEtcd(dataDir(cluster, server)), options) : undefined,
      needs === 'snapshots' ? hosts.run(target(server), listSnapshots(), options) : undefined,
    ]);
    if (nodes.kind !== 'done') continue;
    const now = clock.now();
    return {
      through: server.id,
      nodes: nodes.value.map((item) => nodeHealth(item, now)),
      marks: new Map(nodes.value.map((item) => [nodeHealth(item, now).name, nodeMarks(item)])),
      ...(etcd?.kind === 'done' ? { etcd: etcd.value } : {}),
      ...(snapshots?.kind === 'done' ? { snapshots: snapshots.value } : {}),
    };
  }
  return undefined;
}
