import type { Cluster } from '../../core/cluster/cluster';
import { etcdMembers } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import { examine, probeOf, type Examined } from '../hosts/examine';
import type { RemoteHosts } from '../ports';
import { runMask } from '../run/mask';

/** Looks at the members of embedded etcd over SSH, and at nobody with any other datastore. */
export function lookAtEtcd(
  cluster: Cluster,
  deps: { readonly hosts: RemoteHosts; readonly parallel: number },
  signal?: AbortSignal,
): Promise<Examined<HostFacts>> {
  return examine(
    etcdMembers(cluster),
    probeOf(cluster, () => []),
    deps,
    { masked: runMask([], deps.hosts).problem, ...(signal === undefined ? {} : { signal }) },
  );
}
