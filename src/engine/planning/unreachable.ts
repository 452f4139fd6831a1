import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import { nodesOf } from '../../core/cluster/roles';
import { hasData, isRunning } from './starts';
import { reachedNodes, type Situation } from './situation';

/** Codes of problems that only say that a machine does not answer; anything else is about the file or about trust. */
const SILENT = new Set([
  'ssh-host-unreachable',
  'ssh-timeout',
  'ssh-port-refused',
  'connection-lost',
  'remote-timeout',
  'ssh-closed-early',
  'name-not-found',
]);

/** Whether a machine does not answer, and nothing else is wrong. */
export function isSilent(why: Problem): boolean {
  return SILENT.has(why.code);
}

/**
 * Machines that stand in the way because they do not answer. An agent never does. A server does not as long as the
 * cluster runs without it; before that, nobody knows what is on its disk, and it might be the one with the data.
 */
export function unreachableProblems(situation: Situation): Problem[] {
  const { cluster, unreachable } = situation;
  const nodes = new Map(nodesOf(cluster).map((node) => [node.id, node]));
  const running = runs(situation);
  return [...unreachable].flatMap(([id, why]) => {
    const role = nodes.get(id)?.role;
    if (!isSilent(why)) return [why];
    // A machine that only carries the load balancer has no data.
    if (!nodes.has(id)) return [];
    if (
      role === 'agent' &&
      cluster.servers.length > 0 &&
      reachedNodes(situation).some((node) => node.role === 'server')
    )
      return [];
    if (running) return [];
    return [
      problem(why.code, why.message, {
        ...(why.host === undefined ? {} : { host: why.host }),
        why: say`${why.why ?? say`It does not answer.`} No server of this cluster runs on the other machines, so the data may be on this one; without it a second cluster could be founded.`,
        nextSteps: why.nextSteps,
      }),
    ];
  });
}

/** What is left out, and why that is safe. */
export function unreachableNotes(situation: Situation): string[] {
  const blocked = new Set(unreachableProblems(situation).map(({ host }) => host));
  const left = [...situation.unreachable].filter(([id, why]) => isSilent(why) && !blocked.has(id));
  return left.map(([id, why]) => {
    const server = situation.cluster.servers.some((node) => node.id === id);
    const node = nodesOf(situation.cluster).some((one) => one.id === id);
    const safe = !node
      ? say`it only carries the load balancer`
      : server
        ? say`the cluster runs without it, and no server is restarted while etcd would lose its majority`
        : say`no other machine needs it`;
    return say`${listed([id])} does not answer and is left out (${why.message}): ${safe}. Run this again when it is back.`;
  });
}

function runs({ cluster, facts }: Situation): boolean {
  return cluster.servers.some((node) => isRunning(node, facts) && hasData(facts.get(node.id)));
}
