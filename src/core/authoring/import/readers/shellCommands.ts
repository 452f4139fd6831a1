import type { Reading, SourceText } from '../installCommand';
import { quotedList } from '../quoted';
import { InstallRun } from '../shell/installRun';
import { shellText } from '../shell/shellText';
import { devicesIn, fromK3supPlan, type Device } from '../k3supCommand';
import { textParts } from '../mixedText';
import { CONFIG_PATH } from '../../../k3s/paths';
import type { Reader } from './reader';

/** Characters; longer texts are no commands of a tutorial. */
const LONGEST = 200_000;

/** Commands: the install script, `k3s server`, k3sup, AutoK3s, and the files that a shell writes for them. */
export const shellCommands: Reader = {
  name: 'shell commands',
  claims: () => true,
  read: readShell,
};

/** What shell texts say; undefined when no command in them sets up K3s. */
function readShell(sources: readonly SourceText[]): Reading | undefined {
  const devices = sources.flatMap(({ text }) => devicesIn(text));
  const readings = sources
    .filter(({ text }) => devicesIn(text).length === 0)
    .flatMap((source) => readOne(source, devices) ?? []);
  if (readings.length === 0) return devices.length === 0 ? undefined : ofDevices(devices);
  return {
    commands: readings.flatMap(({ commands }) => commands),
    notes: readings.flatMap(({ notes }) => notes),
    ...Object.assign({}, ...readings.map(({ balancer }) => (balancer === undefined ? {} : { balancer }))),
    ...Object.assign({}, ...readings.map(({ registries }) => (registries === undefined ? {} : { registries }))),
  };
}

function readOne({ name, text }: SourceText, devices: readonly Device[]): Reading | undefined {
  if (text.length >= LONGEST) return undefined;
  const run = new InstallRun(devices);
  for (const part of textParts(shellText(text))) {
    if (part.kind === 'config') run.file(CONFIG_PATH, part.text);
    else run.shell(part.text);
  }
  const reading = run.finish();
  if (reading.commands.length === 0 && reading.registries === undefined && !run.foundSome) return undefined;
  return {
    ...reading,
    notes:
      run.left.length === 0
        ? reading.notes
        : [
            ...reading.notes,
            `Not taken over, because it sets up nothing of the cluster${name === undefined ? '' : ` (${name})`}: ${quotedList(run.left)}.`,
          ],
  };
}

/** The machines of `k3sup plan` without the command. */
function ofDevices(devices: readonly Device[]): Reading {
  return {
    commands: fromK3supPlan([], devices),
    notes: [
      'The file lists machines for k3sup plan, which without more makes the first three servers; so they were taken over.',
    ],
  };
}
