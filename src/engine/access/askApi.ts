import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import { apiServers } from '../../core/cluster/roles';
import type { RemoteCommand } from '../../core/remote/remoteCommand';
import { target } from '../hosts/targets';
import type { RemoteHosts } from '../ports';

/** Asks the first server of the file whose API answers; a failure is that of the last one. */
export async function askApi<T>(
  cluster: Cluster,
  command: RemoteCommand<T>,
  { hosts }: { readonly hosts: RemoteHosts },
  signal?: AbortSignal,
): Promise<Result<T, Problem>> {
  let last = problem('no-server', say`The cluster file declares no server that could be asked`);
  for (const server of apiServers(cluster)) {
    const asked = await hosts.run(target(server), command, signal === undefined ? {} : { signal });
    if (asked.kind === 'done') return ok(asked.value);
    last = asked.problem;
    if (signal?.aborted === true) break;
  }
  return err(last);
}
