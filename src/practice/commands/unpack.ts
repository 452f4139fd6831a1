import { installedVersion } from '../k3s/program';
import { TIMINGS } from '../k3s/timings';
import { isUnpacked, oldFolders, unpack, unpackedFolder } from '../k3s/unpacked';
import { fail, pause, type Command } from './command';
import { noSpace } from './files';

/** unpack-k3s: data-dir. */
export const unpackCommand: Command = async (run) => {
  const { host, user, args } = run;
  const [dataDir = ''] = args;
  const version = installedVersion(host);
  if (version === undefined) return fail(run, 'k3s: not found', 127);
  if (isUnpacked(host, dataDir, version)) return 0;
  if (user !== 'root') return fail(run, `mkdir ${dataDir}: permission denied`);
  run.err(
    `time="${new Date(run.world.clock.now()).toISOString()}" level=info msg="Preparing data dir ${unpackedFolder(dataDir, version)}"\n`,
  );
  if (!(await pause(run, TIMINGS.unpack))) return 255;
  if (host.diskFull) return fail(run, noSpace('k3s'));
  unpack(host, dataDir, version);
  return 0;
};

/** drop-old-data: data-dir. */
export const dropOldDataCommand: Command = ({ host, args, out }) => {
  const [dataDir = ''] = args;
  const version = installedVersion(host);
  for (const folder of version === undefined ? [] : oldFolders(host, dataDir, version)) {
    host.files.remove(folder);
    out(`${folder}\n`);
  }
  return 0;
};

/** installed-version */
export const installedVersionCommand: Command = (run) => {
  const version = installedVersion(run.host);
  if (version === undefined) return fail(run, 'k3s: not found', 127);
  run.out(`k3s version ${version} (practice)\ngo version go1.26.0\n`);
  return 0;
};
