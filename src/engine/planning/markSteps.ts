import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { Step } from '../../core/plan/step';
import { markNode } from '../steps/markNode';
import { nodeWork } from './drains';
import { lackingMarks } from './lackingMarks';
import type { Situation } from './situation';

/** The step that gives a Node what it lacks of the file. K3s patches labels when it starts, so a node that `restarts` lacks taints only. */
export function markSteps(situation: Situation, node: ClusterNode, restarts: boolean): readonly Step[] {
  const lacking = lackingMarks(situation, node).filter(({ option }) => option === 'node-taint' || !restarts);
  const work = nodeWork(situation, node);
  if (lacking.length === 0 || work === undefined) return [];
  const of = (wanted: (typeof lacking)[number]['option']): readonly string[] =>
    lacking.flatMap(({ option, wanted: text }) => (option === wanted ? [text] : []));
  const reason = say`the file has that under node-label or node-taint, and its Node has not`;
  return [markNode.step(node, { ...work, labels: of('node-label'), taints: of('node-taint') }, reason)];
}
