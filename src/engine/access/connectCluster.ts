import type { Problem } from '../../core/base/problem';
import type { Cluster } from '../../core/cluster/cluster';
import { probe } from '../../core/facts/probe';
import { dataDir } from '../../core/cluster/options';
import { target } from '../hosts/targets';
import { NOT_AGREED, type ClusterApi, type RemoteHosts } from '../ports';
import { findAccess, type AccessSources } from './findAccess';
import { reachApi, type ReachedApi } from './reachApi';

/** What became of connecting to a cluster; only the last one is a failure. */
export type Connection =
  | { readonly kind: 'reached'; readonly reached: ReachedApi }
  /** No kubeconfig is on this machine, or the person does not want what getting one takes. */
  | { readonly kind: 'no-kubeconfig' }
  /** No server has K3s: there is nothing that could answer. */
  | { readonly kind: 'not-provisioned' }
  /** What answers has another certificate authority than the kubeconfig of this machine. */
  | { readonly kind: 'other-installation' }
  | { readonly kind: 'unreachable'; readonly problem: Problem };

/**
 * Finds access to a cluster and a way to its API. With hosts in `sources` it also asks them: for a kubeconfig where this
 * machine has none or an old one, for a way around the fixed address, and, when nothing answers, whether K3s is there at all.
 */
export async function connectCluster(
  cluster: Cluster,
  sources: AccessSources,
  api: ClusterApi,
  signal: AbortSignal,
): Promise<Connection> {
  const { hosts } = sources;
  const first = await once(cluster, sources, api, signal);
  if (first.kind === 'other-installation' && hosts !== undefined) {
    const again = await once(cluster, { ...sources, places: [] }, api, signal);
    return again.kind === 'unreachable' ? orNothing(again, cluster, hosts, signal) : again;
  }
  return first.kind === 'unreachable' && hosts !== undefined ? orNothing(first, cluster, hosts, signal) : first;
}

async function once(
  cluster: Cluster,
  sources: AccessSources,
  api: ClusterApi,
  signal: AbortSignal,
): Promise<Connection> {
  const access = await findAccess(cluster, sources, signal);
  if (!access.ok) {
    // Whoever does not agree to what would be sent is not told that the cluster is down.
    return access.error.code === 'kubeconfig-not-found' || access.error.code === NOT_AGREED
      ? { kind: 'no-kubeconfig' }
      : { kind: 'unreachable', problem: access.error };
  }
  const reached = await reachApi(cluster, access.value, api, sources.hosts, signal);
  if (reached.ok) return { kind: 'reached', reached: reached.value };
  return reached.error.code === 'api-unknown-ca'
    ? { kind: 'other-installation' }
    : { kind: 'unreachable', problem: reached.error };
}

/** The failure, unless every server was seen and has no K3s. */
async function orNothing(
  failure: Connection,
  cluster: Cluster,
  hosts: RemoteHosts,
  signal: AbortSignal,
): Promise<Connection> {
  const looks = await Promise.all(
    cluster.servers.map((server) => hosts.run(target(server), probe(dataDir(cluster, server)), { signal })),
  );
  const nothing = looks.every((look) => look.kind === 'done' && look.value.k3sVersion === undefined);
  return nothing && looks.length > 0 ? { kind: 'not-provisioned' } : failure;
}
