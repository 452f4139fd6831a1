import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import { apiReady } from '../../core/remote/kubectl';
import type { StepContext } from '../steps/step';

/** How every advice of a guard ends. */
export function again(): string {
  return say`then run again: everything done so far stays.`;
}

/** A server is not stopped, because of what the cluster would lose. */
export function refusal(
  node: ClusterNode,
  lost: string,
  why: string,
  nextSteps = [say`Bring the other servers back to Ready, ${again()}`],
): Problem {
  return problem('restart-would-break-cluster', say`${node.id} is not stopped: the cluster would lose ${lost}`, {
    host: node.id,
    why,
    nextSteps,
  });
}

/** Which of the servers do not answer with a ready API, and why. */
export async function silentApis(
  servers: readonly ClusterNode[],
  at: StepContext,
): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(
    servers.map(async (server) => ({ server, ready: await at.on(server, apiReady()) })),
  );
  return new Map(
    answers.flatMap(({ server, ready }) =>
      ready.kind === 'done' ? [] : [[server.id, say`does not answer: ${ready.problem.why ?? ready.problem.message}`]],
    ),
  );
}
