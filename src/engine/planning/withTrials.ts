import { balancerMachines, nodesOf, unitOf } from '../../core/cluster/roles';
import type { HostTrials } from '../../core/hostChecks/hostCheck';
import type { MachineId, Step } from '../../core/plan/step';
import { tryMachines } from '../checks/tryMachines';
import type { TryDependencies } from '../checks/tryPorts';
import { start } from '../steps/start';
import type { Situation } from './situation';

/**
 * Tries the machines on which these steps install K3s: disks, names, and the ways between them and to those that run.
 * Where K3s is already, nothing is opened that its own start could find taken. Undefined when nothing is installed, or it
 * was tried for this plan before.
 */
export async function withTrials(
  { cluster, facts, trials }: Situation,
  steps: readonly Step[],
  deps: TryDependencies & { readonly signal?: AbortSignal },
): Promise<HostTrials | undefined> {
  if (trials !== undefined) return undefined;
  const starting = new Set(steps.filter(({ kind }) => kind === start.kind).map(({ on }) => on));
  const fresh = new Set<MachineId>(
    nodesOf(cluster).flatMap((node) =>
      starting.has(node.id) && facts.get(node.id)?.units[unitOf(node)] === undefined ? [node.id] : [],
    ),
  );
  if (fresh.size === 0) return undefined;
  const nodes = new Set(nodesOf(cluster).map(({ id }) => id));
  const { port = 0, type } = cluster.loadBalancer ?? {};
  for (const { id } of balancerMachines(cluster))
    if (!nodes.has(id) && facts.get(id)?.listeningPorts.includes(port) === false) fresh.add(id);
  return tryMachines(cluster, facts, deps, {
    fresh,
    // Both are looked at in the plan as K3s will use them.
    without: ['datastore', ...(type === 'external' || type === 'dns' ? (['address'] as const) : [])],
    ...(deps.signal === undefined ? {} : { signal: deps.signal }),
  });
}
