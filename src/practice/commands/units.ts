import { isEnabled, setEnabled, unitExists, type UnitName } from '../machine/host';
import type { Unit } from '../machine/unit';
import { fail, pause, type Command, type CommandRun } from './command';

function unitOf(run: CommandRun, name: string): Unit | undefined {
  const known = run.host.units.get(name as UnitName);
  return known !== undefined && unitExists(run.host, name as UnitName) ? known : undefined;
}

/** unit-control: start, restart or stop; unit. */
export const unitControlCommand: Command = async (run) => {
  const [verb = '', name = ''] = run.args;
  const now = Math.floor(run.world.clock.now() / 1000);
  if (run.user !== 'root') return fail(run, `Failed to ${verb} ${name}.service: Interactive authentication required.`);
  const unit = unitOf(run, name);
  if (unit === undefined) {
    return fail(run, verb === 'stop' ? `Failed to stop ${name}.service: Unit ${name}.service not loaded.` : `Failed to enable unit: Unit file ${name}.service does not exist.`);
  }
  unit.resetFailed();
  if (verb === 'stop') await unit.stop();
  else {
    if (!isEnabled(run.host, name as UnitName)) setEnabled(run.host, name as UnitName, true);
    const begin = verb === 'restart' ? unit.stop() : Promise.resolve();
    void begin.then(() => unit.start());
  }
  run.out(`${now}\n`);
  return 0;
};

/** unit-status: unit, journal since, lines, seconds to wait, known restarts. */
export const unitStatusCommand: Command = async (run) => {
  const [name = '', since = '0', lines = '0', seconds = '0', known = '0'] = run.args;
  const unit = unitOf(run, name);
  for (let turns = Number(seconds) * 4; turns > 0; turns -= 1) {
    const state = unit?.state();
    if (state?.active !== 'activating' || state.restarts > Number(known)) break;
    if (!(await pause(run, 250))) return 255;
  }
  const { active, sub, restarts, result } = unit?.state() ?? { active: 'inactive', sub: 'dead', restarts: 0, result: 'success' };
  run.out(`${active}\n${sub}\n${restarts}\n${result}\n`);
  // Only root and the group adm may read the journal of the system.
  const journal = run.user === 'root' && Number(lines) > 0 ? run.host.journal.read(name, Number(since)).slice(-Number(lines)) : [];
  for (const line of journal) run.out(`${line}\n`);
  return 0;
};
