import { CONFIG_PATH, REMOVED_UNITS_FOLDER } from '../../core/k3s/paths';
import { isEnabled, setEnabled, unitExists, unitPath, type UnitName, environmentPath } from '../machine/host';
import type { Unit, UnitState } from '../machine/unit';
import { fail, pause, type Command, type CommandRun } from './command';

/** The unit of a host that has its file. */
export function unitOf(run: CommandRun, name: string): Unit | undefined {
  const known = run.host.units.get(name as UnitName);
  return known !== undefined && unitExists(run.host, name as UnitName) ? known : undefined;
}

/** unit-control: start, restart or stop; unit. */
export const unitControlCommand: Command = async (run) => {
  const [verb = '', name = ''] = run.args;
  if (run.user !== 'root') return fail(run, `Failed to ${verb} ${name}.service: Interactive authentication required.`);
  const unit = unitOf(run, name);
  if (unit === undefined) {
    return fail(
      run,
      verb === 'stop'
        ? `Failed to stop ${name}.service: Unit ${name}.service not loaded.`
        : `Failed to enable unit: Unit file ${name}.service does not exist.`,
    );
  }
  unit.resetFailed();
  if (verb === 'stop') {
    await unit.stop();
    return 0;
  }
  const before = unit.state();
  const kept = verb === 'start' && isKept(run, before);
  if (!isEnabled(run.host, name as UnitName)) setEnabled(run.host, name as UnitName, true);
  if (!kept) void unit.stop().then(() => unit.start());
  run.out(`InvocationID=${kept ? '' : before.invocation}\n`);
  return 0;
};

/** Whether a start leaves the process of a unit as it is. */
function isKept(run: CommandRun, { active, sub, started = 0 }: UnitState): boolean {
  if (active === 'active') return true;
  return active === 'activating' && sub === 'start' && (run.host.files.get(CONFIG_PATH)?.modified ?? 0) < started;
}

/** unit-status: unit, invocation whose journal is left out, lines, seconds to wait, known state. */
export const unitStatusCommand: Command = async (run) => {
  const [name = '', before = '', lines = '0', seconds = '0', known = ''] = run.args;
  const unit = unitOf(run, name);
  for (let turns = Number(seconds) * 4; turns > 0 && stateText(unit) === known; turns -= 1) {
    if (!(await pause(run, 250))) return 255;
  }
  const invocation = unit?.state().invocation ?? '';
  run.out(`${stateText(unit)}\n`);
  // Only root and the group adm may read the journal of the system.
  const readable = run.user === 'root' && Number(lines) > 0 && invocation !== '' && invocation !== before;
  for (const line of readable ? run.host.journal.read(name, invocation).slice(-Number(lines)) : [])
    run.out(`${line}\n`);
  return 0;
};

/** remove-unit: unit, folders with the data of a server. */
export const removeUnitCommand: Command = async (run) => {
  const { host, user, args, out } = run;
  const [name = '', ...folders] = args;
  if (user !== 'root') return fail(run, 'Failed to disable unit: Interactive authentication required.');
  const unit = unitOf(run, name);
  if (unit?.state().active === 'active') return 5;
  const data = folders
    .map((folder) => `${folder}/server`)
    .flatMap((server) => [
      ...(host.files.hasFolder(`${server}/db`) ? [`${server}/db`] : []),
      ...(host.files.get(`${server}/token`) === undefined ? [] : [`${server}/token`]),
    ]);
  if (name === 'k3s' && data[0] !== undefined) return fail(run, data[0], 4);
  await unit?.stop();
  setEnabled(host, name as UnitName, false);
  for (const path of [unitPath(host, name as UnitName), environmentPath(host, name as UnitName)]) {
    const present = host.files.get(path);
    if (present === undefined) continue;
    host.files.write(`${REMOVED_UNITS_FOLDER}/${path.slice(path.lastIndexOf('/') + 1)}`, present.content, present);
    host.files.remove(path);
  }
  out(unit === undefined ? 'absent\n' : 'removed\n');
  return 0;
};

/** What `systemctl show` prints, in one line. */
function stateText(unit: Unit | undefined): string {
  const { active, sub, restarts, result, invocation } = unit?.state() ?? {
    active: 'inactive',
    sub: 'dead',
    restarts: 0,
    result: 'success',
    invocation: '',
  };
  return `Result=${result} NRestarts=${restarts} ActiveState=${active} SubState=${sub} InvocationID=${invocation} `;
}
