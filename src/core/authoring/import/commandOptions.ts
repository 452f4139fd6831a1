import type { PlainValue } from '../../document/render';
import { MACHINE_OPTIONS } from '../../k3s/machineOptions';
import type { InstallCommand, OptionValue, OptionValues } from './installCommand';

/** Options that the cluster file has a place of its own for, or that follow from the list of machines. */
const OWN_PLACE = new Set([
  'server',
  'token',
  'datastore-endpoint',
  'datastore-cafile',
  'datastore-certfile',
  'datastore-keyfile',
  'cluster-init',
  'node-name',
  'config',
]);

/** Options that say something about one machine, whatever others say. */
const OF_ONE_MACHINE = new Set([...MACHINE_OPTIONS, 'with-node-id']);

/** Whether an option is about one machine. */
export function isOfOneMachine(name: string): boolean {
  return OF_ONE_MACHINE.has(name) || name === 'node-name';
}

/** Options of one command that only its machine has. */
export function ownOptions(options: OptionValues, shared: OptionValues): OptionValues {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => !OWN_PLACE.has(name) && shared[name] === undefined),
  );
}

/** Options that every command gives with the same value; those of a single command are its machine's only where they name it. */
export function sharedOptions(commands: readonly InstallCommand[]): OptionValues {
  const [first, ...others] = commands.filter(({ onlyJoined }) => onlyJoined !== true);
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first.options).filter(
      ([name, value]) =>
        !OWN_PLACE.has(name) &&
        !OF_ONE_MACHINE.has(name) &&
        others.every((other) => JSON.stringify(other.options[name]) === JSON.stringify(value)),
    ),
  );
}

/** Numbers and switches as YAML writes them; texts such as `0644` stay texts. */
export function typed(value: OptionValue): PlainValue {
  return typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : (value as PlainValue);
}

/** The first text that an option gives; undefined when it gives none. */
export function textOf(value: OptionValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return Array.isArray(value) ? (value[0] as string | undefined) : undefined;
}
