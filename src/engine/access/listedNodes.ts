import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import { apiServers } from '../../core/cluster/roles';
import { nodeHealth, type NodeHealth } from '../../core/health/nodeHealth';
import { listNodes } from '../../core/remote/kubectl';
import { target } from '../hosts/targets';
import type { Clock, RemoteHosts } from '../ports';

/** The nodes of the running cluster, told over SSH by the first server of the file that answers. */
export async function listedNodes(
  cluster: Cluster,
  { hosts, clock }: { readonly hosts: RemoteHosts; readonly clock: Clock },
  signal?: AbortSignal,
): Promise<Result<readonly NodeHealth[], Problem>> {
  let last = problem('no-server', 'The cluster file declares no server that could tell its nodes');
  for (const server of apiServers(cluster)) {
    const listed = await hosts.run(target(server), listNodes(), signal === undefined ? {} : { signal });
    if (listed.kind === 'done') {
      const now = clock.now();
      return ok(listed.value.map((item) => nodeHealth(item, now)));
    }
    last = listed.problem;
  }
  return err(last);
}
