import type { Cluster } from '../../core/cluster/cluster';
import { apiServers } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import type { HostLook } from '../../core/hostChecks/hostCheck';
import type { MachineId } from '../../core/plan/step';
import { clusterMarks } from '../../core/remote/clusterMarks';
import { target } from '../hosts/targets';
import { isRunning } from '../planning/starts';
import type { RemoteHosts } from '../ports';

/** Who answers as `default/kubernetes` and who else is at work, as the first server tells that runs and answers; undefined when none does. */
export async function askMarks(
  cluster: Cluster,
  facts: ReadonlyMap<MachineId, HostFacts>,
  hosts: RemoteHosts,
  signal: AbortSignal | undefined,
): Promise<HostLook['marks']> {
  for (const server of apiServers(cluster).filter((node) => isRunning(node, facts))) {
    const told = await hosts.run(target(server), clusterMarks(), signal === undefined ? {} : { signal });
    if (told.kind === 'done' && told.value.endpoints.length > 0) return { through: server.id, seen: told.value };
  }
  return undefined;
}
