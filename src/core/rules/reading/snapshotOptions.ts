import { formatPath, type Path } from '../../base/path';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { optionPaths } from './places';
import { hasReached } from '../../k3s/versionGate';
import { isWrittenOn, writtenList, writtenNames } from '../../cluster/written';

export const CRON_OPTION = 'etcd-snapshot-schedule-cron';

/** The name that the K3s documentation gives to the Secret with the S3 settings. */
export const S3_SECRET = 'k3s-etcd-snapshot-s3-config';

/** Options of the etcd snapshots and of their upload. */
export function isSnapshotOption(name: string): boolean {
  return (
    name === 'etcd-disable-snapshots' ||
    name === 'etcd-s3' ||
    name.startsWith('etcd-snapshot-') ||
    name.startsWith('etcd-s3-')
  );
}

/** Whether this server uploads its snapshots. */
export function usesS3(server: ClusterNode): boolean {
  return isWrittenOn(server, 'etcd-s3');
}

/** What K3s uses when an option is left out; writing it down changes nothing. */
const S3_DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  'etcd-s3-endpoint': ['s3.amazonaws.com'],
  'etcd-s3-region': ['us-east-1'],
  'etcd-s3-timeout': ['5m', '5m0s', '300s'],
  'etcd-s3-bucket-lookup-type': ['auto'],
  'etcd-s3-insecure': ['false'],
  'etcd-s3-skip-ssl-verify': ['false'],
};

/** The options besides the Secret that K3s takes the S3 settings from; it leaves how many to keep out of that. */
export function s3Settings(server: ClusterNode): readonly string[] {
  return writtenNames(server).filter((name) => {
    const isSetting = name.startsWith('etcd-s3-') && name !== 'etcd-s3-config-secret' && name !== 'etcd-s3-retention';
    return isSetting && !writtenList(server, name).every((text) => S3_DEFAULTS[name]?.includes(text) === true);
  });
}

/** Whether the release can take the S3 settings from a Secret. */
export function knowsS3Secret({ cluster }: RuleContext): boolean {
  return hasReached(cluster.k3s.version, ['v1.28.13+k3s1', 'v1.29.8+k3s1', 'v1.30.4+k3s1']);
}

/** The servers by the entry in the file that gives them an option. */
export function byEntry(
  context: RuleContext,
  servers: readonly ClusterNode[],
  name: string,
): readonly { readonly path: Path; readonly servers: readonly ClusterNode[] }[] {
  const entries = new Map<string, { path: Path; servers: ClusterNode[] }>();
  for (const server of servers) {
    const [path] = optionPaths(context, server, name);
    if (path === undefined) continue;
    const entry = entries.get(formatPath(path));
    if (entry === undefined) entries.set(formatPath(path), { path, servers: [server] });
    else entry.servers.push(server);
  }
  return [...entries.values()];
}
