import type { Cluster } from '../../core/cluster/cluster';
import { apiPort, dataDir } from '../../core/cluster/options';
import { apiServers } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import type { HostLook } from '../../core/hostChecks/hostCheck';
import type { MachineId } from '../../core/plan/step';
import { tunnels } from '../../core/remote/tunnels';
import { mapLimit, target } from '../hosts/targets';
import { isRunning } from '../planning/starts';
import type { RemoteHosts } from '../ports';

/** Which kubelets each running server reaches; a server that does not tell is left out. */
export async function askTunnels(
  cluster: Cluster,
  facts: ReadonlyMap<MachineId, HostFacts>,
  hosts: RemoteHosts,
  signal: AbortSignal | undefined,
): Promise<NonNullable<HostLook['tunnels']>> {
  const servers = apiServers(cluster).filter((node) => isRunning(node, facts));
  const found = new Map<MachineId, ReadonlyMap<string, string | undefined>>();
  await mapLimit(servers, servers.length, async (server) => {
    const told = await hosts.run(
      target(server),
      tunnels(dataDir(cluster, server), apiPort(cluster, server)),
      signal === undefined ? {} : { signal },
    );
    if (told.kind === 'done') found.set(server.id, told.value);
  });
  return found;
}
