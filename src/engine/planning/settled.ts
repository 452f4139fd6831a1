import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { servesApi } from '../../core/cluster/roles';
import type { Step } from '../../core/plan/step';
import { podName } from '../../core/health/disruption';
import { awaitSettled } from '../steps/awaitSettled';
import { nodeWork } from './drains';
import { changesRelease, type NodeChange } from './nodeChange';
import type { Situation } from './situation';

/** The proof that a node is whole again with another release, before the next one is touched. */
export function settledSteps(situation: Situation, node: ClusterNode, change: NodeChange): readonly Step[] {
  const release = change.installation?.release;
  const work = changesRelease(situation, node, change) ? nodeWork(situation, node) : undefined;
  if (release === undefined || work === undefined) return [];
  const except = (situation.workloads?.pods ?? [])
    .filter((pod) => pod.node === work.name && pod.owner === 'DaemonSet' && !pod.ready)
    .map(podName);
  const charts = node.role === 'server' && servesApi(situation.cluster, node);
  return [awaitSettled.step(node, { ...work, release, charts, except }, say`the next node waits for it`)];
}
