import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { optionIsOn, optionText } from '../../core/cluster/options';
import { etcdMembers } from '../../core/cluster/roles';
import { bucketAt, objectKey, type Bucket } from '../../core/k3s/objectAddress';
import { isSnapshotName } from '../../core/k3s/snapshotName';
import { shellWord } from '../../core/remote/shell';
import type { RestoreIntent } from './restoreIntent';
import { unfinishedRestore } from './restoreSource';
import type { Situation } from './situation';
import { snapshotsOf } from './snapshotDeletion';

/** A snapshot that lies in the S3 of the cluster file, and how it is got there. Keys are still references. */
export interface StoredSnapshot {
  readonly name: string;
  readonly at: Bucket;
  readonly key: string;
  /** As K3s has listed it; unknown where no cluster answers. */
  readonly size?: number;
  /** The server whose options these are. */
  readonly server: ClusterNode;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
  /** Authorities that are believed in the place of those of this computer: paths of the server, or texts in base64. */
  readonly authorities?: string;
  readonly checksCertificate: boolean;
}

/**
 * The object that a restore needs on this computer first: a snapshot that is on no disk of a server. Undefined when nothing has
 * to be got, or the file has no S3; a problem when the file does not tell how to get it.
 */
export function storedSnapshot(situation: Situation, intent: RestoreIntent): StoredSnapshot | Problem | undefined {
  const { cluster } = situation;
  const { snapshot: name, copyPath, survivor } = intent;
  if (name === undefined || copyPath !== undefined || survivor === true || !isSnapshotName(name)) return undefined;
  if (unfinishedRestore(situation) !== undefined) return undefined;
  const places = snapshotsOf(situation).get(name)?.places ?? [];
  if (places.some(({ kind }) => kind === 'disk')) return undefined;
  const server = etcdMembers(cluster).find((one) => optionIsOn(cluster, one, 'etcd-s3'));
  const listed = places.find(({ kind }) => kind === 's3');
  if (server === undefined) return listed === undefined ? undefined : unknownStore(name);
  const option = (key: string): string | undefined => {
    const text = optionText(cluster, server, key);
    return text === '' ? undefined : text;
  };
  const settings = storeOptions(cluster, server, option);
  const [accessKey, secretKey, sessionToken, authorities] = [
    'etcd-s3-access-key',
    'etcd-s3-secret-key',
    'etcd-s3-session-token',
    'etcd-s3-endpoint-ca',
  ].map(option);
  if (settings === undefined || accessKey === undefined || secretKey === undefined) return unknownKeys(name);
  return {
    name,
    at: settings,
    key: objectKey(option('etcd-s3-folder'), name),
    ...(listed === undefined ? {} : { size: listed.size }),
    server,
    accessKey,
    secretKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(authorities === undefined ? {} : { authorities }),
    checksCertificate: !optionIsOn(cluster, server, 'etcd-s3-skip-ssl-verify'),
  };
}

function storeOptions(
  cluster: Cluster,
  server: ClusterNode,
  option: (key: string) => string | undefined,
): Bucket | undefined {
  const bucket = option('etcd-s3-bucket');
  if (bucket === undefined) return undefined;
  return bucketAt({
    endpoint: option('etcd-s3-endpoint') ?? 's3.amazonaws.com',
    bucket,
    region: option('etcd-s3-region') ?? 'us-east-1',
    insecure: optionIsOn(cluster, server, 'etcd-s3-insecure'),
    lookup: option('etcd-s3-bucket-lookup-type') ?? 'auto',
  });
}

const byHand = (name: string): string =>
  say`Or get the object with a client of your S3, then restore it from this computer: "k3s-ha snapshot restore FILE --copy ${shellWord(name)}".`;

function unknownStore(name: string): Problem {
  return problem('snapshot-in-s3', say`${name} is in S3 only, and the cluster file has no S3`, {
    nextSteps: [say`Write etcd-s3 with its bucket and keys under config of the servers, as it was then.`, byHand(name)],
  });
}

/** A role of a cloud belongs to the servers, and a Secret of the cluster cannot be read by a restore. */
function unknownKeys(name: string): Problem {
  return problem(
    'snapshot-in-s3',
    say`${name} is in S3, and the cluster file does not tell how this computer gets it`,
    {
      why: say`It is got to this computer and proved before any server stops; for that etcd-s3-bucket, etcd-s3-access-key and etcd-s3-secret-key have to stand in the file.`,
      nextSteps: [say`Write them under config of the servers, the keys as \${secret:name}.`, byHand(name)],
    },
  );
}
