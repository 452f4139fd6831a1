import { CONFIG_PATH } from '../../core/k3s/paths';
import { isEnabled, setEnabled, unitExists, type UnitName } from '../machine/host';
import type { Unit, UnitState } from '../machine/unit';
import { fail, pause, type Command, type CommandRun } from './command';

function unitOf(run: CommandRun, name: string): Unit | undefined {
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
