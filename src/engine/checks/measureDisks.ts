import type { Cluster } from '../../core/cluster/cluster';
import { dataDir } from '../../core/cluster/options';
import { etcdMembers } from '../../core/cluster/roles';
import { diskLatency, type DiskLatency } from '../../core/remote/diskLatency';
import { mapLimit, target } from '../hosts/targets';
import type { TryDependencies, TryOptions } from './tryPorts';

/** Measures the disks of all members of embedded etcd that were reached; a machine that cannot is left out. */
export async function measureDisks(
  cluster: Cluster,
  reached: ReadonlyMap<string, unknown>,
  { hosts, parallel }: TryDependencies,
  { signal, fresh }: TryOptions = {},
): Promise<ReadonlyMap<string, DiskLatency>> {
  const members = etcdMembers(cluster).filter(({ id }) => reached.has(id) && fresh?.has(id) !== false);
  const measured = await mapLimit(members, parallel, async (node) => {
    const command = diskLatency(dataDir(cluster, node));
    const outcome = await hosts.run(target(node), command, signal === undefined ? {} : { signal });
    return [node.id, outcome.kind === 'done' ? outcome.value : undefined] as const;
  });
  return new Map(measured.flatMap(([id, latency]) => (latency === undefined ? [] : [[id, latency]])));
}
