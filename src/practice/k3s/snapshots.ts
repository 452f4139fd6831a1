import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../../core/base/result';
import type { World } from '../world';
import type { K3sCluster, ServerRun } from './cluster';
import type { WriteOptions } from '../machine/files';
import { isoTime } from './controller';
import { dataDirOf } from './run';
import { snapshotImage } from './snapshotImage';
import type { SnapshotRecord } from './snapshotRecord';

/** Saves what the cluster holds now into a file of its server; the error is what K3s's command ends with. */
export function saveSnapshot(
  world: World,
  server: ServerRun,
  base: string,
): Result<SnapshotRecord & { readonly path: string }, string> {
  const { cluster, host, nodeName } = server;
  if (cluster.etcdId === '') return err('etcd datastore disabled');
  // A name that no object of Kubernetes can have is refused by the server, which tells its journal why.
  if (!/^[A-Za-z0-9][\w.-]*$/.test(base))
    return err('see server log for details: Internal error occurred: etcd-snapshot error ID 26254');
  if (host.diskFull) return err('see server log for details: Internal error occurred: no space left on device');
  const now = world.clock.now();
  const name = `${base}-${nodeName}-${Math.floor(now / 1000)}`;
  const path = `${snapshotFolder(server)}/${name}`;
  const image = imageOfCluster(world, cluster, name);
  host.files.write(path, '', imageFile(image));
  const location = `file://${path}`;
  const record = {
    name,
    node: nodeName,
    location,
    size: image.length,
    created: isoTime(now),
    tokenHash: tokenHashOf(cluster),
  };
  cluster.snapshots.set(`local-${name}`, record);
  return ok({ ...record, path });
}

/** A snapshot of what a cluster holds now; from then on that can be restored from it. */
export function imageOfCluster(world: World, cluster: K3sCluster, name: string): Buffer {
  const image = snapshotImage(tokenHashOf(cluster), JSON.stringify({ name, nodes: cluster.nodes.list() }));
  world.snapshots.set(createHash('sha256').update(image).digest('hex'), {
    cluster,
    nodes: cluster.nodes.list(),
    nodePasswords: [...cluster.nodePasswords],
    names: [...cluster.names],
    leases: cluster.leases.list(),
    addons: [...cluster.addons],
    snapshots: [...cluster.snapshots.values()],
  });
  return image;
}

/** How such a file is kept on a host. */
export function imageFile(image: Buffer): WriteOptions {
  const sha256 = createHash('sha256').update(image).digest('hex');
  return { mode: 0o600, bytes: { size: image.length, sha256, data: image } };
}

/** Where K3s keeps snapshots. */
function snapshotFolder({ config }: ServerRun): string {
  return config.text('etcd-snapshot-dir') ?? `${dataDirOf(config)}/server/db/snapshots`;
}

function tokenHashOf({ password }: K3sCluster): string {
  return createHash('sha256').update(password).digest('hex').slice(0, 12);
}
