import { binaryPath, isElsewhere } from '../../core/cluster/binaryPath';
import type { Cluster } from '../../core/cluster/cluster';
import type { FileQuestion } from '../../core/facts/fileFacts';
import type { HostFacts } from '../../core/facts/probe';
import { architectureOf } from '../../core/k3s/releaseFiles';
import type { DesiredFile } from './desiredFiles';
import type { UploadedBinaries } from './localFile';

/** Whether hosts get the binary from this computer, while the install script does the rest. */
export function uploadsBinary({ k3s: { install } }: Pick<Cluster, 'k3s'>): boolean {
  return install.method === 'script' && install.binary === 'upload';
}

/** Larger than any binary: how long a slow disk takes to read the one that is there. */
const LARGE = 100e6;

/** What a host is asked before anybody knows whether it needs a binary. */
export function binaryQuestions(cluster: Cluster): readonly FileQuestion[] {
  return uploadsBinary(cluster) ? [{ path: binaryPath(cluster), size: LARGE }] : [];
}

/** Whether a host has the release that the file wants, in its place. */
export function hasRelease(
  cluster: Pick<Cluster, 'k3s'>,
  seen: Pick<HostFacts, 'k3sVersion' | 'k3sBinary'> | undefined,
): boolean {
  const { version } = cluster.k3s;
  return version !== undefined && seen?.k3sVersion === version && !isElsewhere(cluster, seen);
}

/** The binary that a host gets: none where the release is installed already. */
export function uploadedBinary(
  cluster: Cluster,
  binaries: UploadedBinaries | undefined,
  facts: Pick<HostFacts, 'arch' | 'k3sVersion' | 'k3sBinary'> | undefined,
): readonly DesiredFile[] {
  const architecture = architectureOf(facts?.arch ?? '');
  const input = architecture === undefined ? undefined : binaries?.get(architecture);
  if (input === undefined || !uploadsBinary(cluster) || hasRelease(cluster, facts)) return [];
  const { sha256 } = input;
  const file = { to: binaryPath(cluster), mode: '0755', kind: 'binary', restart: true, secret: false } as const;
  return [{ ...file, use: 'k3s.install.binary', sha256, input }];
}
