import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import type { MachineId } from '../../core/plan/step';
import type { Situation } from './situation';
import { isRunning } from './starts';

/** The machines that are meant, in the order of the file; none named stands for all. */
export function chosenNodes({ cluster }: Situation, nodes: readonly MachineId[]): readonly ClusterNode[] {
  return nodesOf(cluster).filter(({ id }) => nodes.length === 0 || nodes.includes(id));
}

/** Machines that were named and cannot be `restarted`. */
export function chosenProblems(
  { cluster, facts, unreachable }: Situation,
  ids: readonly MachineId[],
  restarted: string,
): readonly Problem[] {
  const known = new Map(nodesOf(cluster).map((node) => [node.id, node]));
  return [...new Set(ids)].flatMap((id): Problem[] => {
    const node = known.get(id);
    if (node === undefined)
      return [
        problem('node-unknown', say`The cluster file has no node ${id}`, {
          nextSteps: [say`Its nodes are ${listed([...known.keys()])}.`],
        }),
      ];
    const silent = unreachable.get(id);
    if (silent !== undefined) return [silent];
    if (isRunning(node, facts)) return [];
    return [
      problem('node-not-running', say`K3s does not run on ${id}, so it cannot be ${restarted}`, {
        host: id,
        nextSteps: [say`Provision the cluster: that installs or starts what is missing, and says why it does not run.`],
      }),
    ];
  });
}
