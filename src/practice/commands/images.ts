import { hasImported, imageState } from '../k3s/images';
import { installedVersion } from '../k3s/program';
import { fail, type Command } from './command';

/** node-images: data-dir, unit; names of images on standard input. */
export const nodeImagesCommand: Command = async (run) => {
  const { host, user, args, stdin, out } = run;
  const [dataDir = ''] = args;
  if (installedVersion(host) === undefined) return fail(run, 'k3s: not found', 127);
  if (user !== 'root' || ![...host.units.values()].some((unit) => unit.state().active === 'active'))
    return fail(run, 'ctr: failed to dial "/run/k3s/containerd/containerd.sock": connection error');
  const names = (await stdin.text()).split('\n').filter((name) => name !== '');
  const states = names.map((name) => imageState(host, dataDir, name));
  for (const [at, name] of names.entries()) out(`${states[at]} ${name}\n`);
  if (host.files.get(`${dataDir}/agent/images/.cache.json`) !== undefined) out('cache\n');
  if (hasImported(host, dataDir) && states.some((state) => state !== 'pinned')) out('over\n');
  return 0;
};

/** drop-image-cache: data-dir. */
export const dropImageCacheCommand: Command = (run) => {
  const [dataDir = ''] = run.args;
  const path = `${dataDir}/agent/images/.cache.json`;
  if (!run.host.files.writable(path, run.user)) return fail(run, `rm: cannot remove '${path}': Permission denied`);
  run.host.files.remove(path);
  return 0;
};
