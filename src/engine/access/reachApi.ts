import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { accessAt } from '../../core/kubeconfig/extract';
import type { Cluster } from '../../core/cluster/cluster';
import type { ApiEndpoint, ClusterApi, RemoteHosts } from '../ports';
import { target } from '../hosts/targets';
import { apiPort } from '../../core/cluster/options';
import { apiServers } from '../../core/cluster/roles';

export interface ReachedApi {
  readonly endpoint: ApiEndpoint;
  /** `direct`, or the id of the server whose SSH connection carries the traffic. */
  readonly via: string;
  readonly version: string;
}

/** Problems that a way around the fixed address cannot cure. */
const HOPELESS = new Set(['api-unauthorized', 'api-forbidden', 'api-unknown-ca', 'kubeconfig-invalid']);

/**
 * Finds a working way to the API: the address of `direct`, else an SSH tunnel to a server's own listener with the same
 * credentials, which are sent only after that server has proved to have a certificate of the kubeconfig's CA for 127.0.0.1.
 * Without `hosts` only the direct way is tried. The problem returned is the one of the direct way.
 */
export async function reachApi(
  cluster: Cluster,
  direct: ApiEndpoint,
  api: ClusterApi,
  hosts: RemoteHosts | undefined,
  signal?: AbortSignal,
): Promise<Result<ReachedApi, Problem>> {
  const first = await api.verify(direct, signal);
  if (first.ok) return ok({ endpoint: direct, via: 'direct', version: first.value.gitVersion });
  if (hosts === undefined || HOPELESS.has(first.error.code)) return first;
  for (const server of apiServers(cluster)) {
    if (signal?.aborted === true) return err(problem('cancelled', say`Connecting was cancelled`));
    const port = apiPort(cluster, server);
    const kubeconfig = accessAt(direct.kubeconfig, `https://127.0.0.1:${port}`);
    if (kubeconfig === undefined) return first;
    const endpoint: ApiEndpoint = {
      ...direct,
      kubeconfig,
      connect: () => hosts.openTunnel(target(server), '127.0.0.1', port, signal),
    };
    const answer = await api.verify(endpoint, signal);
    if (answer.ok) return ok({ endpoint, via: server.id, version: answer.value.gitVersion });
  }
  return first;
}
