import type { ClusterNode } from '../../core/cluster/cluster';
import { optionTexts } from '../../core/facts/presentOptions';
import { markDifferences, type MarkDifference } from '../../core/health/nodeMarks';
import { nodeNameOf, type Situation } from './situation';
import { isRunning } from './starts';

/** Labels and taints of the file that a Node of the running cluster has not: K3s sets them only when a node registers. */
export function lackingMarks({ facts, live, desired }: Situation, node: ClusterNode): readonly MarkDifference[] {
  const name = nodeNameOf(node, facts.get(node.id));
  const marks = name === undefined ? undefined : live?.marks?.get(name);
  const options = desired.get(node.id)?.options({ kind: 'found' });
  if (marks === undefined || options === undefined || !isRunning(node, facts)) return [];
  // Labels that stand in one text are told apart by K3s, taints are not.
  const labels = optionTexts(options['node-label'] ?? []).flatMap((text) => text.split(',').map((one) => one.trim()));
  return markDifferences(marks, { labels, taints: optionTexts(options['node-taint'] ?? []) });
}
