import { datastoreHealthy } from '../k3s/controller';
import { imageProof } from '../k3s/snapshotImage';
import { saveSnapshot } from '../k3s/snapshots';
import { TIMINGS } from '../k3s/timings';
import type { PracticeHost } from '../machine/host';
import { fail, pause, type Command, type CommandRun } from './command';

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
