import { createHash } from 'node:crypto';
import { RESTORED_PATH, RESTORE_FOLDER } from '../../core/k3s/paths';
import { isoTime } from '../k3s/controller';
import { loadConfig } from '../k3s/config';
import { etcdOnDisk } from '../k3s/embeddedEtcd';
import { etcdOn } from '../k3s/etcdHttp';
import { resetFromSnapshot } from '../k3s/restore';
import { imageFile, imageOfCluster } from '../k3s/snapshots';
import { TIMINGS } from '../k3s/timings';
import { setEnabled } from '../machine/host';
import { fail, pause, type Command, type CommandRun } from './command';
import { withApi } from './kubectl';

const PRIVATE = { mode: 0o600 };

const runs = ({ host }: CommandRun): boolean => host.units.get('k3s')?.state().active === 'active';

/** halt-server: id of the restore, server, snapshot. */
export const haltServerCommand: Command = async (run) => {
  const [id = '', from = '', snapshot = ''] = run.args;
  const { host } = run;
  const known = host.files.get(`${RESTORE_FOLDER}/begun`)?.content.trim();
  if (known !== undefined && !known.startsWith(`${id} `))
    return fail(run, `another restore has begun on this server: ${known}`);
  host.files.write(`${RESTORE_FOLDER}/begun`, `${id} ${from} ${snapshot}\n`, PRIVATE);
  setEnabled(host, 'k3s', false);
  await host.units.get('k3s')?.stop();
  run.out('halted\n');
  return 0;
};

/** put-data-aside: data-dir, id. */
export const putDataAsideCommand: Command = (run) => {
  const [dataDir = '', id = ''] = run.args;
  const { files } = run.host;
  if (runs(run)) return fail(run, 'k3s is active');
  const into = `${dataDir}/server/db-before-restore-${id}`;
  if (files.get(`${RESTORE_FOLDER}/aside`) === undefined && !files.hasFolder(into))
    files.move(`${dataDir}/server/db`, into);
  files.write(`${RESTORE_FOLDER}/aside`, `${id}\n`, PRIVATE);
  run.out('aside\n');
  return 0;
};

/** reset-cluster: data-dir, id, path, seconds. */
export const resetClusterCommand: Command = async (run) => {
  const [dataDir = '', id = '', path = ''] = run.args;
  const { host, world } = run;
  if (host.files.get(`${RESTORE_FOLDER}/reset`) === undefined) {
    if (runs(run)) return fail(run, 'k3s runs on this server');
    if (!(await pause(run, TIMINGS.reset))) return 255;
    const failure = await resetFromSnapshot(world, host, path);
    if (failure !== undefined) return fail(run, `level=fatal msg="Error: ${failure}"`);
    // K3s leaves its own flag; the unit of the reset leaves ours.
    if (host.files.get(`${dataDir}/server/db/reset-flag`) !== undefined)
      host.files.write(`${RESTORE_FOLDER}/reset`, `${id}\n`, PRIVATE);
  }
  run.out('reset\n');
  return 0;
};

/** end-restore: data-dir, id. */
export const endRestoreCommand: Command = (run) => {
  const [dataDir = '', id = ''] = run.args;
  const { files } = run.host;
  const old = `${dataDir}/server/db-before-restore-${id}`;
  files.move(`${old}/snapshots`, `${dataDir}/server/db/snapshots`);
  const before = new Set(
    files
      .below(`${dataDir}/server`)
      .flatMap((path) => /^.*\/server\/(?:db-before-restore-\d+|db\/etcd-old-\d+)/.exec(path) ?? []),
  );
  for (const folder of before) run.out(`old=1736 ${folder}\n`);
  files.write(RESTORED_PATH, `${id}\n`, PRIVATE);
  files.remove(RESTORE_FOLDER);
  run.out('ended\n');
  return 0;
};

/** copy-survivor: data-dir, path. */
export const copySurvivorCommand: Command = (run) => {
  const [, path = ''] = run.args;
  const { host, world } = run;
  if (host.files.get(path) !== undefined) return done(run);
  if (runs(run)) return fail(run, 'k3s runs on this server');
  const config = loadConfig(host, 'k3s');
  const data = config.ok ? etcdOnDisk({ host, config: config.value }) : undefined;
  if (data === undefined) return fail(run, 'this server is no member of etcd');
  host.files.write(path, '', imageFile(imageOfCluster(world, data.cluster, path)));
  return done(run);
};

function done(run: CommandRun): number {
  run.out('copied\n');
  return 0;
}

/** cluster-age: when kube-system was made. */
export const clusterAgeCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    run.out(isoTime(cluster.created));
    return 0;
  });

/** etcd-hash: data-dir, revision. */
export const etcdHashCommand: Command = (run) => {
  const [, revision = '0'] = run.args;
  const found = etcdOn(run.world, run.host);
  const body = found?.members().body ?? '';
  const { header } = (body === '' ? {} : JSON.parse(body)) as { readonly header?: { readonly cluster_id: string } };
  if (header === undefined) {
    run.out(
      ">>> hash\n\n<<< 000\ncurl: (7) Failed to connect to 127.0.0.1 port 2382 after 0 ms: Couldn't connect to server\n",
    );
    return 0;
  }
  const hash = createHash('sha256').update(header.cluster_id).digest().readUInt32BE();
  const at = revision === '0' ? '1639' : revision;
  run.out(`>>> hash\n${JSON.stringify({ header, hash, compact_revision: '1', hash_revision: at })}\n<<< 200\n`);
  return 0;
};
