import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { readFile } from '../../core/remote/file';
import { prepare, type PreparedKubeconfig } from '../../core/kubeconfig/prepare';
import type { Cluster } from '../../core/cluster/cluster';
import type { ApiEndpoint, ClusterApi, RemoteHosts } from '../ports';
import { target } from '../hosts/targets';
import { registrationUrl } from '../../core/cluster/registration';
import { writtenValue } from '../../core/cluster/written';

const KUBECONFIG_PATH = '/etc/rancher/k3s/k3s.yaml';

export interface FetchedKubeconfig {
  readonly prepared: PreparedKubeconfig;
  /** Version that the API answered with through the fixed address. */
  readonly apiVersion: string;
}

/**
 * Reads the admin kubeconfig from the first server that answers, gives it the cluster's name and the load balancer's
 * address, and proves it against the API. Nothing is saved here.
 */
export async function fetchKubeconfig(
  cluster: Cluster,
  hosts: RemoteHosts,
  api: ClusterApi,
  signal?: AbortSignal,
): Promise<Result<FetchedKubeconfig, Problem>> {
  const prepared = await readKubeconfig(cluster, hosts, signal);
  if (!prepared.ok) return prepared;
  const endpoint: ApiEndpoint = { kubeconfig: prepared.value.text, trust: 'data' };
  const verified = await api.verify(endpoint, signal);
  if (!verified.ok) return verified;
  return ok({ prepared: prepared.value, apiVersion: verified.value.gitVersion });
}

/** The same without the proof, for looking at a cluster whose fixed address does not answer. */
export async function readKubeconfig(
  cluster: Cluster,
  hosts: RemoteHosts,
  signal?: AbortSignal,
): Promise<Result<PreparedKubeconfig, Problem>> {
  let last: Problem | undefined;
  for (const node of cluster.servers) {
    const custom = writtenValue(node, 'write-kubeconfig');
    const read = await hosts.run(
      target(node),
      readFile(typeof custom === 'string' ? custom : KUBECONFIG_PATH),
      signal === undefined ? {} : { signal },
    );
    if (read.kind === 'done') {
      const prepared = accessFrom(cluster, read.value);
      return prepared.ok ? prepared : err({ ...prepared.error, host: node.id });
    }
    last = read.problem;
    if (signal?.aborted === true) break;
  }
  return err(last ?? noServer());
}

/** The access in a kubeconfig that is not the person's own, with the address and name of the cluster file ({@link prepare}). */
export function accessFrom(cluster: Cluster, kubeconfig: string): Result<PreparedKubeconfig, Problem> {
  const server = registrationUrl(cluster);
  if (server === undefined) return err(noServer());
  const tlsServerName = cluster.loadBalancer?.tlsServerName;
  return prepare(kubeconfig, { name: cluster.name, server, ...(tlsServerName === undefined ? {} : { tlsServerName }) });
}

function noServer(): Problem {
  return problem('no-server', say`The cluster file declares no server`, {
    nextSteps: [say`Add at least one node under servers.nodes.`],
  });
}
