import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { optionText } from '../../core/cluster/options';
import { unitOf } from '../../core/cluster/roles';
import { writtenList } from '../../core/cluster/written';
import { presentOptions } from '../../core/facts/presentOptions';
import type { HostFacts } from '../../core/facts/probe';
import type { ChosenFolders } from '../../core/remote/podMounts';

/**
 * Folders that options of a node put elsewhere: as K3s on the machine has them, or as the file says where nothing of its
 * configuration is left. Only absolute paths are taken.
 */
export function chosenFolders(cluster: Cluster, node: ClusterNode, seen: HostFacts | undefined): ChosenFolders {
  const present = seen === undefined ? undefined : presentOptions(seen, unitOf(node)).effective;
  const folder = (path: string | undefined): string | undefined => (path?.startsWith('/') === true ? path : undefined);
  const one = (name: string): string | undefined =>
    folder(present?.get(name)?.at(-1)) ?? folder(optionText(cluster, node, name));
  const kubelet = [...writtenList(node, 'kubelet-arg'), ...(present?.get('kubelet-arg') ?? [])]
    .flatMap((text) => /^(?:--)?root-dir=(.+)$/.exec(text.trim())?.[1] ?? [])
    .at(-1);
  const root = folder(kubelet);
  const snapshots = one('etcd-snapshot-dir');
  const volumes = one('default-local-storage-path');
  return {
    ...(root === undefined ? {} : { kubelet: root }),
    ...(snapshots === undefined ? {} : { snapshots }),
    ...(volumes === undefined ? {} : { volumes }),
  };
}
