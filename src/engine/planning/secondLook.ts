import type { Step } from '../../core/plan/step';
import { clusterMarks } from '../../core/remote/clusterMarks';
import { podsAndBudgets } from '../../core/remote/pods';
import type { RemoteCommand } from '../../core/remote/remoteCommand';
import { target } from '../hosts/targets';
import type { RemoteHosts } from '../ports';
import { drain } from '../steps/drain';
import { wantsNoOther } from './operators';
import type { Situation } from './situation';
import { withDatastore, type DatastoreDependencies } from './withDatastore';
import { withTrials } from './withTrials';

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
  const [tried, workloads, marks] = await Promise.all([
    withDatastore(situation, steps, deps),
    steps.some(({ kind }) => kind === drain.kind) ? ask(situation, deps, podsAndBudgets()) : undefined,
    wantsNoOther(steps) ? ask(situation, deps, clusterMarks()) : undefined,
  ]);
  // Not at the same time: how long the datastore takes to answer is measured.
  const trials = await withTrials(situation, steps, deps);
  if (trials === undefined && workloads === undefined && marks === undefined) return tried;
  return {
    ...tried,
    ...(trials === undefined ? {} : { trials }),
    ...(workloads === undefined ? {} : { workloads }),
    ...(marks === undefined ? {} : { marks }),
  };
}

/** Asks the server through which the cluster was asked before; undefined when it does not tell. */
async function ask<T>(
  { cluster, live }: Situation,
  { hosts, signal }: SecondLookDependencies,
  question: RemoteCommand<T>,
): Promise<T | undefined> {
  const server = cluster.servers.find(({ id }) => id === live?.through);
  if (server === undefined) return undefined;
  const seen = await hosts.run(target(server), question, signal === undefined ? {} : { signal });
  return seen.kind === 'done' ? seen.value : undefined;
}
