import { ASIDE_FOLDER, CONFIG_PATH, PLACED_PATH } from '../../core/k3s/paths';
import { binaryPath } from '../k3s/program';
import { unitPath, type PracticeHost, type UnitName, environmentPath } from '../machine/host';
import { fail, type Command } from './command';
import { fileSum, noSpace, rememberPlaced } from './files';

/** Path on the host by the name that it has aside. */
function kept(host: PracticeHost, unit: UnitName): readonly (readonly [string, string])[] {
  return [
    ['config', CONFIG_PATH],
    ['unit', unitPath(host, unit)],
    ['environment', environmentPath(host, unit)],
    ['k3s', host.files.get(`${ASIDE_FOLDER}/binary`)?.content.trim() ?? binaryPath(host)],
  ];
}

/** put-aside: unit, and paths of files that will change. */
export const putAsideCommand: Command = (run) => {
  const { host, user, args } = run;
  const [name = '', ...paths] = args;
  const unit = name as UnitName;
  if (user !== 'root') return fail(run, `mkdir: cannot create directory '${ASIDE_FOLDER}.new': Permission denied`);
  const before = asidePaths(host);
  const added = paths.filter((path) => !before.includes(path));
  const begun = host.files.hasFolder(ASIDE_FOLDER);
  if (begun && added.length === 0) return 0;
  if (host.diskFull) return fail(run, noSpace('cp'));
  const all = [...before, ...added];
  for (const path of added) copy(host, path, `${ASIDE_FOLDER}/file-${all.indexOf(path) + 1}`);
  if (all.length > 0)
    host.files.write(`${ASIDE_FOLDER}/paths`, all.map((path) => `${path}\n`).join(''), { mode: 0o600 });
  if (begun) return 0;
  host.files.write(`${ASIDE_FOLDER}/binary`, `${binaryPath(host)}\n`, { mode: 0o600 });
  for (const [aside, path] of [...kept(host, unit), ['placed', PLACED_PATH] as const])
    copy(host, path, `${ASIDE_FOLDER}/${aside}`);
  host.files.write(`${ASIDE_FOLDER}/invocation`, `${host.units.get(unit)?.state().invocation ?? ''}\n`, {
    mode: 0o600,
  });
  return 0;
};

/** Paths of the files beside configuration and binary that lie aside. */
function asidePaths(host: PracticeHost): readonly string[] {
  return (host.files.get(`${ASIDE_FOLDER}/paths`)?.content ?? '').split('\n').filter((path) => path !== '');
}

/** put-back: unit. */
export const putBackCommand: Command = (run) => {
  const { host, user, args } = run;
  const unit = (args[0] ?? '') as UnitName;
  const invocation = host.files.get(`${ASIDE_FOLDER}/invocation`)?.content.trim();
  if (user !== 'root' || invocation === undefined) return fail(run, 'nothing was put aside on this host');
  const files = asidePaths(host).map((path, index) => [`file-${index + 1}`, path] as const);
  for (const [name, path] of [...kept(host, unit), ...files]) {
    const before = host.files.get(`${ASIDE_FOLDER}/${name}`);
    const now = host.files.get(path);
    if (before === undefined) host.files.remove(path);
    else if (now === undefined || fileSum(before) !== fileSum(now)) copy(host, `${ASIDE_FOLDER}/${name}`, path);
  }
  for (const line of host.files.get(`${ASIDE_FOLDER}/placed`)?.content.trim().split('\n') ?? [])
    rememberPlaced(host, line);
  const state = host.units.get(unit)?.state();
  run.out(`restart=${state?.active === 'active' && state.invocation === invocation ? 'no' : 'yes'}\n`);
  return 0;
};

/** drop-aside */
export const dropAsideCommand: Command = (run) => {
  if (run.user !== 'root') return fail(run, `rm: cannot remove '${ASIDE_FOLDER}': Permission denied`);
  run.host.files.remove(ASIDE_FOLDER);
  return 0;
};

/** With the time of the original, as `cp -p` does. */
function copy(host: PracticeHost, from: string, to: string): void {
  const file = host.files.get(from);
  if (file !== undefined) host.files.write(to, file.content, file);
}
