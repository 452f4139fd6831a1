import { ASIDE_FOLDER, CONFIG_PATH } from '../../core/k3s/paths';
import { BINARY_PATH } from '../k3s/program';
import { unitPath, type PracticeHost, type UnitName } from '../machine/host';
import { fail, type Command } from './command';
import { noSpace } from './files';

/** Path on the host by the name that it has aside. */
function kept(unit: UnitName): readonly (readonly [string, string])[] {
  return [
    ['config', CONFIG_PATH],
    ['unit', unitPath(unit)],
    ['environment', `${unitPath(unit)}.env`],
    ['k3s', BINARY_PATH],
  ];
}

/** put-aside: unit. */
export const putAsideCommand: Command = (run) => {
  const { host, user, args } = run;
  const unit = (args[0] ?? '') as UnitName;
  if (user !== 'root') return fail(run, `mkdir: cannot create directory '${ASIDE_FOLDER}.new': Permission denied`);
  if (host.files.hasFolder(ASIDE_FOLDER)) return 0;
  if (host.diskFull) return fail(run, noSpace('cp'));
  for (const [name, path] of kept(unit)) copy(host, path, `${ASIDE_FOLDER}/${name}`);
  host.files.write(`${ASIDE_FOLDER}/invocation`, `${host.units.get(unit)?.state().invocation ?? ''}\n`, {
    mode: 0o600,
  });
  return 0;
};

/** put-back: unit. */
export const putBackCommand: Command = (run) => {
  const { host, user, args } = run;
  const unit = (args[0] ?? '') as UnitName;
  const invocation = host.files.get(`${ASIDE_FOLDER}/invocation`)?.content.trim();
  if (user !== 'root' || invocation === undefined) return fail(run, 'nothing was put aside on this host');
  for (const [name, path] of kept(unit)) {
    const before = host.files.get(`${ASIDE_FOLDER}/${name}`);
    if (before === undefined) host.files.remove(path);
    else if (before.content !== host.files.get(path)?.content) copy(host, `${ASIDE_FOLDER}/${name}`, path);
  }
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
