import type { Step } from '../../core/plan/step';
import { podsAndBudgets } from '../../core/remote/pods';
import { target } from '../hosts/targets';
import type { RemoteHosts } from '../ports';
import { drain } from '../steps/drain';
import type { Situation } from './situation';
import { withDatastore, type DatastoreDependencies } from './withDatastore';

export interface SecondLookDependencies extends DatastoreDependencies {
  readonly hosts: RemoteHosts;
}

/**
 * What only a plan that does certain things has to know: it is asked for when the steps are known, and the same situation is
 * given back when nothing was asked.
 */
export async function secondLook(
  situation: Situation,
  steps: readonly Step[],
  deps: SecondLookDependencies,
): Promise<Situation> {
  const [tried, workloads] = await Promise.all([
    withDatastore(situation, steps, deps),
    steps.some(({ kind }) => kind === drain.kind) ? askWorkloads(situation, deps) : undefined,
  ]);
  return workloads === undefined ? tried : { ...tried, workloads };
}

/** The pods and their budgets; undefined when the cluster does not tell. Then a drain finds out for itself. */
async function askWorkloads(
  { cluster, live }: Situation,
  { hosts, signal }: SecondLookDependencies,
): Promise<Situation['workloads']> {
  const server = cluster.servers.find(({ id }) => id === live?.through);
  if (server === undefined) return undefined;
  const seen = await hosts.run(target(server), podsAndBudgets(), signal === undefined ? {} : { signal });
  return seen.kind === 'done' ? seen.value : undefined;
}
