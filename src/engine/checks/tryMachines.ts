import type { Cluster } from '../../core/cluster/cluster';
import type { HostTrials } from '../../core/hostChecks/hostCheck';
import { lookUpNames, type NameOptions } from './lookUpNames';
import { measureDisks } from './measureDisks';
import { tryPorts, type Reached, type TryDependencies } from './tryPorts';

/** Tries what no machine can tell of itself: its disk, the names of the file, and the way to the others. */
export async function tryMachines(
  cluster: Cluster,
  reached: ReadonlyMap<string, Reached>,
  deps: TryDependencies,
  options: NameOptions = {},
): Promise<HostTrials> {
  const [disks, mesh, unknownNames] = await Promise.all([
    measureDisks(cluster, reached, deps, options),
    tryPorts(cluster, reached, deps, options),
    lookUpNames(cluster, reached, deps, options),
  ]);
  return { disks, mesh, unknownNames };
}
