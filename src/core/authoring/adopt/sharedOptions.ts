import type { ConfigValue } from '../../cluster/cluster';
import { MACHINE_OPTIONS } from '../../k3s/machineOptions';

type Options = ReadonlyMap<string, ConfigValue>;

/** Options that say something about one machine, whatever others say. */
const OF_ONE_MACHINE = new Set([...MACHINE_OPTIONS, 'node-name']);

/** Takes out of the options of several machines what all of them have in common. */
export function shareOptions(machines: readonly Options[]): {
  readonly shared: Options;
  readonly own: readonly Options[];
} {
  const [first = new Map<string, ConfigValue>(), ...rest] = machines;
  const shared = new Map(
    [...first].filter(
      ([name, value]) => !OF_ONE_MACHINE.has(name) && rest.every((other) => sameValue(other.get(name), value)),
    ),
  );
  return { shared, own: machines.map((options) => new Map([...options].filter(([name]) => !shared.has(name)))) };
}

/** Whether two values of an option are written alike. */
export function sameValue(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
