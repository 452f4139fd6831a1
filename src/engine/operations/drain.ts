import { say } from '../../core/base/say';
import { duration } from '../../core/base/duration';
import { problem } from '../../core/base/problem';
import { count, listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { isEvicted, keptPods, podName } from '../../core/health/disruption';
import type { MachineId } from '../../core/plan/step';
import { chosenNodes, chosenProblems } from '../planning/chosenNodes';
import { drainRules, isAlone, lossProblems, nodeWork } from '../planning/drains';
import { identityProblems } from '../planning/identity';
import type { Situation } from '../planning/situation';
import type { NodeWork } from '../steps/cordon';
import { drain as drainStep } from '../steps/drain';
import { keepCordoned } from '../steps/keepCordoned';
import type { Operation } from './operation';

/** Which nodes are to be emptied. */
export interface DrainIntent {
  /** Machines of the file; at least one. */
  readonly nodes: readonly MachineId[];
  /** For all pods of a node together, where it is not as long as for an upgrade. */
  readonly timeoutMs?: number;
}

/**
 * Moves the pods of nodes elsewhere, one node after another, and keeps new ones away until a person says otherwise. Budgets for disruption
 * are kept: what they keep is told before, and waited for.
 */
export const drain: Operation<DrainIntent> = {
  id: 'drain',
  title: 'Drain…',
  asks: 'plan',
  then: 'refresh',
  plan(situation, { nodes, timeoutMs }, draft) {
    draft.refuse(...chosenProblems(situation, nodes, 'drained'), ...identityProblems(situation));
    if (situation.live === undefined)
      draft.refuse(
        problem('api-silent', say`No server of this cluster answers, so nobody can be told to move pods`, {
          nextSteps: [say`Run "k3s-ha status" with this file, or look at the cluster in the explorer: it says why.`],
        }),
      );
    if (draft.problems.length > 0) return;
    let previous: readonly string[] = [];
    for (const node of chosenNodes(situation, nodes)) {
      const work = nodeWork(situation, node);
      if (work === undefined) {
        draft.refuse(noNode(node));
        continue;
      }
      if (isEmpty(situation, work)) continue;
      const input = { ...work, ...drainRules(situation.cluster), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
      draft.add(keepCordoned.step(node, work, say`you asked for it`), previous);
      previous = [draft.add(drainStep.step(node, input, say`you asked for it`))];
      draft.note(...movedNotes(situation, node, work, input.timeoutMs));
    }
    draft.refuse(...lossProblems(situation, draft.steps));
  },
};

function noNode({ id }: ClusterNode): ReturnType<typeof problem> {
  return problem('node-without-agent', say`${id} is no node of the cluster, so it has no pods that could move`, {
    host: id,
    nextSteps: [say`A server with disable-agent runs none; stop or reboot it as it is.`],
  });
}

/** Whether nothing is left to do: no new pods come, and those that could go are gone. */
function isEmpty({ live, workloads }: Situation, { name }: NodeWork): boolean {
  const seen = live?.nodes.find((node) => node.name === name);
  return (
    seen?.schedulable === false &&
    seen.ownCordon !== true &&
    workloads?.pods.some((pod) => pod.node === name && isEvicted(pod)) === false
  );
}

/** What a person wants to know before the pods of a node move. */
function movedNotes(situation: Situation, { id }: ClusterNode, work: NodeWork, timeoutMs: number): readonly string[] {
  const { workloads } = situation;
  if (workloads === undefined) return [];
  const own = workloads.pods.filter((pod) => pod.node === work.name);
  const moved = own.filter(isEvicted);
  const stay = own.length - moved.length;
  const kept = keptPods(workloads, new Set([work.name]));
  const wait = say`They are waited for at most ${duration(timeoutMs)}`;
  return [
    say`${count(moved.length, 'pod')} of ${id} ${moved.length === 1 ? 'moves' : 'move'} to other nodes${stay === 0 ? '' : say`; ${count(stay, 'pod')} of DaemonSets and files ${stay === 1 ? 'stays' : 'stay'}`}.`,
    ...kept.map(({ why, pods }) => say`${listed(pods.map(podName))} may not go now: ${why}. ${wait}.`),
    ...(isAlone(situation, work) && moved.length > 0
      ? [say`No other node is Ready and takes pods: those of ${id} end, and are made anew when one does.`]
      : []),
  ];
}
