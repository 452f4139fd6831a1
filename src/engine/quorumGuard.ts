import { problem, type Problem } from '../core/base/problem';
import { apiReady, listNodes } from '../core/k3s/remote/kubectl';
import { nodeHealth } from '../core/health/nodeHealth';
import type { ClusterNode } from '../core/spec/cluster';
import { matchesNode } from './awaitNodes';
import type { StepContext } from './steps';

/**
 * Why this server must not be stopped now; undefined when it may. The other servers have to keep the API and, with
 * embedded etcd, every other member has to be a Ready voter: then the rest has quorum without this one.
 */
export async function quorumGuard(node: ClusterNode, context: StepContext): Promise<Problem | undefined> {
  const { cluster } = context.prepared;
  const others = cluster.servers.filter((server) => server.id !== node.id);
  // A single server has nobody to keep the API up; the plan has said so, and its restart is what was asked for.
  if (others.length === 0) return undefined;
  const refuse = (why: string): Problem =>
    problem('restart-would-break-cluster', `${node.id} is not restarted: the cluster would lose ${cluster.datastore.type === 'embedded-etcd' ? 'its etcd quorum' : 'its API'}`, {
      host: node.id,
      why,
      nextSteps: ['Bring the other servers back to Ready, then run again: everything done so far stays.'],
    });
  for (const witness of others) {
    const ready = await context.on(witness, apiReady());
    if (ready.kind !== 'done') {
      if (cluster.datastore.type === 'embedded-etcd') return refuse(`${witness.id}: ${ready.problem.why ?? ready.problem.message}`);
      continue;
    }
    const listed = await context.on(witness, listNodes());
    if (listed.kind !== 'done') continue;
    if (cluster.datastore.type !== 'embedded-etcd') return undefined;
    const health = listed.value.map((item) => nodeHealth(item, context.deps.clock.now()));
    for (const other of others) {
      const seen = health.find((candidate) => matchesNode(candidate, other, context.prepared.facts.get(other.id)));
      if (seen === undefined) return refuse(`${other.id} is not a node of the cluster yet`);
      if (seen.ready !== 'ready') return refuse(`${other.id} is ${seen.reason}`);
      if (seen.etcd === 'learner') return refuse(`${other.id} is still learning the etcd data and has no vote`);
    }
    return undefined;
  }
  return refuse('no other server answers with a ready API');
}
