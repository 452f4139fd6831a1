import type { Cluster } from '../../core/cluster/cluster';
import { machinesOf } from '../../core/cluster/roles';
import { usedNames, type UsedName } from '../../core/cluster/usedNames';
import { unknownNames } from '../../core/remote/resolveNames';
import { mapLimit, target } from '../hosts/targets';
import type { TryDependencies, TryOptions } from './tryPorts';

export interface NameOptions extends TryOptions {
  /** Names that somebody looks at with more than their address. */
  readonly without?: readonly UsedName['of'][];
}

/** Has machines look up the names that the file has them use; gives those that they do not find. */
export async function lookUpNames(
  cluster: Cluster,
  reached: ReadonlyMap<string, unknown>,
  { hosts, parallel }: TryDependencies,
  { signal, fresh, without = [] }: NameOptions = {},
): Promise<ReadonlyMap<string, readonly UsedName[]>> {
  const machines = machinesOf(cluster).filter(({ id }) => reached.has(id) && fresh?.has(id) !== false);
  const found = await mapLimit(machines, parallel, async (machine) => {
    const used = usedNames(cluster, machine).filter(({ of }) => !without.includes(of));
    if (used.length === 0) return [];
    const command = unknownNames(used.map(({ name }) => name));
    const outcome = await hosts.run(target(machine), command, signal === undefined ? {} : { signal });
    const unknown = outcome.kind === 'done' ? (outcome.value ?? []) : [];
    const lacking = used.filter(({ name }) => unknown.includes(name));
    return lacking.length === 0 ? [] : [[machine.id, lacking] as const];
  });
  return new Map(found.flat());
}
