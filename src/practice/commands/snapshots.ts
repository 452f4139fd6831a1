import { datastoreHealthy } from '../k3s/controller';
import { imageProof } from '../k3s/snapshotImage';
import { saveSnapshot } from '../k3s/snapshots';
import { TIMINGS } from '../k3s/timings';
import type { PracticeHost } from '../machine/host';
import { fail, pause, type Command, type CommandRun } from './command';
import { withApi } from './kubectl';

/** save-snapshot: base name. */
export const saveSnapshotCommand: Command = async (run) => {
  const { host, world, args, out, user } = run;
  const folder = '/var/lib/rancher/k3s/server';
  if (user !== 'root' || host.files.get(`${folder}/token`) === undefined)
    return fatal(run, `open ${folder}/token: ${user === 'root' ? 'no such file or directory' : 'permission denied'}`);
  const server = [...world.services].find((candidate) => candidate.host === host);
  if (server === undefined)
    return fatal(
      run,
      'Post "https://127.0.0.1:6443/db/snapshot": dial tcp 127.0.0.1:6443: connect: connection refused',
    );
  if (!(await pause(run, TIMINGS.snapshot))) return 255;
  if (!datastoreHealthy(world, server))
    return fatal(run, 'see server log for details: Internal error occurred: etcd-snapshot error ID 51842');
  const saved = saveSnapshot(world, server, args[0] ?? '');
  if (!saved.ok) return fatal(run, saved.error);
  const { name, path, size } = saved.value;
  out(`name=${name}\nlisted=${path} ${size}\n`);
  return prove(run, path);
};

/** Ends like K3s's own commands. */
function fatal(run: CommandRun, message: string): number {
  return fail(run, `time="${new Date(run.world.clock.now()).toISOString()}" level=fatal msg="Error: ${message}"`);
}

/** Prints what the scripts find in a file. */
function prove(run: CommandRun, path: string): number {
  const image = imageOf(run.host, path);
  if (image === undefined) return fail(run, `${path} does not exist`);
  run.out(imageProof(image));
  return 0;
}

function imageOf({ files }: PracticeHost, path: string): Buffer | undefined {
  const file = files.get(path);
  return file === undefined ? undefined : (file.bytes?.data ?? Buffer.from(file.content));
}

/** prove-snapshot: path. */
export const proveSnapshotCommand: Command = (run) => prove(run, run.args[0] ?? '');

/** list-snapshots: `k3s kubectl get etcdsnapshotfiles.k3s.cattle.io -o json`. */
export const listSnapshotsCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    const items = [...cluster.snapshots].map(([object, { name, node, location, size, created, tokenHash }]) => ({
      apiVersion: 'k3s.cattle.io/v1',
      kind: 'ETCDSnapshotFile',
      metadata: {
        name: object,
        annotations: { 'etcd.k3s.cattle.io/snapshot-token-hash': tokenHash },
        labels: { 'etcd.k3s.cattle.io/snapshot-storage-node': node },
      },
      spec: { location, nodeName: node, snapshotName: name },
      status: { creationTime: created, readyToUse: true, size: String(size) },
    }));
    run.out(`${JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, undefined, 4)}\n`);
    return 0;
  });

/** delete-snapshot: name, `disk` or `everywhere`. */
export const deleteSnapshotCommand: Command = (run) => {
  const [name = ''] = run.args;
  const server = [...run.world.services].find((candidate) => candidate.host === run.host);
  if (server === undefined)
    return fatal(
      run,
      'Post "https://127.0.0.1:6443/db/snapshot": dial tcp 127.0.0.1:6443: connect: connection refused',
    );
  const object = `local-${name}`;
  const known = server.cluster.snapshots.get(object);
  // One on its own disk K3s finds without an object, too, such as one that a restore has made it forget.
  const path = known?.location.replace('file://', '') ?? `/var/lib/rancher/k3s/server/db/snapshots/${name}`;
  if (known === undefined && run.host.files.get(path) === undefined)
    run.err(`level=warning msg="Snapshot ${name} not found."\n`);
  else {
    run.host.files.remove(path);
    server.cluster.snapshots.delete(object);
    run.err(`level=info msg="Snapshot ${name} deleted."\n`);
  }
  return 0;
};

/** send-file: path. */
export const sendFileCommand: Command = (run) => {
  const [path = ''] = run.args;
  const image = imageOf(run.host, path);
  if (image === undefined) return fail(run, `${path} does not exist`, 2);
  if (run.user !== 'root') return fail(run, `cat: ${path}: Permission denied`);
  run.out(image);
  return 0;
};
