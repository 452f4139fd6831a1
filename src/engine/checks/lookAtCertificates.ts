import type { Cluster } from '../../core/cluster/cluster';
import { dataDir } from '../../core/cluster/options';
import { nodesOf } from '../../core/cluster/roles';
import type { CertificateFile } from '../../core/k3s/certificates';
import type { MachineId } from '../../core/plan/step';
import { certificateDates } from '../../core/remote/certificateDates';
import { examine, type Examined } from '../hosts/examine';
import type { RemoteHosts } from '../ports';
import { runMask } from '../run/mask';

/** Reads the certificates of every node over SSH; who does not answer is told with the reason. */
export function lookAtCertificates(
  cluster: Cluster,
  deps: { readonly hosts: RemoteHosts; readonly parallel: number },
  signal?: AbortSignal,
): Promise<Examined<readonly CertificateFile[]>> {
  const folders = new Map<MachineId, string>(nodesOf(cluster).map((node) => [node.id, dataDir(cluster, node)]));
  return examine(nodesOf(cluster), ({ id }) => certificateDates(folders.get(id) ?? ''), deps, {
    masked: runMask([], deps.hosts).problem,
    ...(signal === undefined ? {} : { signal }),
  });
}
