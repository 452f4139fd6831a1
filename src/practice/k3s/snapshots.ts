import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../../core/base/result';
import type { World } from '../world';
import type { K3sCluster, ServerRun } from './cluster';
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
  const hash = tokenHashOf(cluster);
  const name = `${base}-${nodeName}-${Math.floor(now / 1000)}`;
  const image = snapshotImage(hash, JSON.stringify({ name, nodes: cluster.nodes.list() }));
  const path = `${snapshotFolder(server)}/${name}`;
  const sum = createHash('sha256').update(image).digest('hex');
  host.files.write(path, '', { mode: 0o600, bytes: { size: image.length, sha256: sum, data: image } });
  world.snapshots.set(sum, {
    cluster,
    nodes: cluster.nodes.list(),
    nodePasswords: [...cluster.nodePasswords],
    names: [...cluster.names],
    addons: [...cluster.addons],
    snapshots: [...cluster.snapshots.values()],
  });
  const location = `file://${path}`;
  const record = { name, node: nodeName, location, size: image.length, created: isoTime(now), tokenHash: hash };
  cluster.snapshots.set(`local-${name}`, record);
  return ok({ ...record, path });
}

function snapshotFolder({ config }: ServerRun): string {
  return config.text('etcd-snapshot-dir') ?? `${dataDirOf(config)}/server/db/snapshots`;
}

function tokenHashOf({ password }: K3sCluster): string {
  return createHash('sha256').update(password).digest('hex').slice(0, 12);
}
