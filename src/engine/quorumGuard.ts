import { problem, type Problem } from '../core/base/problem';
import { clusterHealth } from '../core/health/clusterHealth';
import { nodeHealth } from '../core/health/nodeHealth';
import { apiReady, listNodes } from '../core/k3s/remote/kubectl';
import type { ClusterNode } from '../core/spec/cluster';
import type { StepContext } from './stepContext';

/**
 * Why this server must not be stopped now; undefined when it may. The other servers have to keep the API and, with
 * embedded etcd, every other member has to be a Ready voter: then the rest has quorum without this one.
 */
export async function quorumGuard(node: ClusterNode, context: StepContext): Promise<Problem | undefined> {
  const { cluster } = context.prepared;
  const etcd = cluster.datastore.type === 'embedded-etcd';
  const others = cluster.servers.filter((server) => server.id !== node.id);
  // A single server has nobody to keep the API up; its restart is what was asked for.
  if (others.length === 0) return undefined;
  const refuse = (why: string): Problem =>
    problem('restart-would-break-cluster', `${node.id} is not restarted: the cluster would lose ${etcd ? 'its etcd quorum' : 'its API'}`, {
      host: node.id,
      why,
      nextSteps: ['Bring the other servers back to Ready, then run again: everything done so far stays.'],
    });
  let witness: ClusterNode | undefined;
  for (const other of others) {
    const ready = await context.on(other, apiReady());
    if (ready.kind === 'done') witness ??= other;
    else if (etcd) return refuse(`${other.id}: ${ready.problem.why ?? ready.problem.message}`);
  }
  if (witness === undefined) return refuse('no other server answers with a ready API');
  if (!etcd) return undefined;
  const listed = await context.on(witness, listNodes());
  if (listed.kind !== 'done') return refuse(listed.problem.why ?? listed.problem.message);
  const health = clusterHealth(cluster, listed.value.map((item) => nodeHealth(item, context.deps.clock.now())));
  for (const other of health.nodes.filter((candidate) => others.some(({ id }) => id === candidate.node.id))) {
    if (other.state !== 'ready') return refuse(`${other.node.id} is ${other.words}`);
    if (other.live?.etcdFault !== undefined) return refuse(`the etcd member of ${other.node.id} ${other.live.etcdFault}`);
    if (other.live?.etcd !== 'voter') return refuse(`${other.node.id} is not a voting member of etcd yet`);
  }
  return undefined;
}
