import type { Reading, SourceText } from '../installCommand';
import { devicesIn, fromK3supPlan, type Device } from '../k3supCommand';
import { readingsTogether, readShell } from '../shell/readShell';
import type { Reader } from './reader';

/** Characters; longer texts are no commands of a tutorial. */
const LONGEST = 200_000;

/** Commands: the install script, `k3s server`, k3sup, AutoK3s, and the files that a shell writes for them. */
export const shellCommands: Reader = {
  name: 'shell commands',
  claims: () => true,
  read: readCommands,
};

/** What shell texts say; undefined when no command in them sets up K3s. */
function readCommands(sources: readonly SourceText[]): Reading | undefined {
  const devices = sources.flatMap(({ text }) => devicesIn(text));
  const readings = sources
    .filter(({ text }) => devicesIn(text).length === 0 && text.length < LONGEST)
    .flatMap((source) => readShell(source, devices) ?? []);
  const reading = readingsTogether(readings) ?? (devices.length === 0 ? undefined : ofDevices(devices));
  const tooLong = sources.filter(({ text }) => text.length >= LONGEST && /k3s/i.test(text));
  if (tooLong.length === 0) return reading;
  const notes = tooLong.map(
    ({ name, text }) =>
      `${name ?? 'A text'} has ${text.length} characters, and ${LONGEST} are the most that are read as commands: it was not read. Import the part that sets up K3s.`,
  );
  return { commands: [], ...reading, notes: [...(reading?.notes ?? []), ...notes] };
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
