import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { apiPort, dataDir } from '../../core/cluster/options';
import { etcdMembers, servesApi } from '../../core/cluster/roles';
import { logCommand } from '../../core/k3s/serviceManager';
import { etcdMembers as readEtcd } from '../../core/remote/etcd';
import { serverReady } from '../../core/remote/readiness';
import { ended, stepFailed, type StepContext } from '../steps/step';
import type { StepOutcome } from '../../core/plan/step';
import { untilNothingLacks } from './untilNothingLacks';

/**
 * Waits until a server whose unit is active is what its kind has to be: its supervisor and, where it has one, its API are
 * ready, and with embedded etcd it votes by etcd's own list. The unit stays active without any of that. Agents prove
 * themselves by their Node.
 */
export async function proveServer(node: ClusterNode, at: StepContext): Promise<StepOutcome> {
  if (node.role === 'agent') return { kind: 'done' };
  const votes = etcdMembers(at.cluster).some(({ id }) => id === node.id);
  return untilNothingLacks(
    at,
    async () => {
      const lacking = await whatLacks(node, votes, at);
      return lacking.kind === 'lacking' ? lacking.why : lacking;
    },
    (why) =>
      stepFailed('server-not-ready', node, say`K3s runs on ${node.id}, but it is not ready`, {
        why,
        nextSteps: [
          say`See "${logCommand('k3s', at.facts.get(node.id)?.init)}" on ${node.id}; run again when the cause is removed.`,
        ],
      }),
  );
}

type Proof = StepOutcome | { readonly kind: 'lacking'; readonly why: string };

async function whatLacks(node: ClusterNode, votes: boolean, at: StepContext): Promise<Proof> {
  const folder = dataDir(at.cluster, node);
  // A home of etcd alone is as ready as its etcd: its supervisor waits for a control plane, which may come only after it.
  if (!servesApi(at.cluster, node)) return votes ? whatEtcdLacks(node, folder, at) : { kind: 'done' };
  const ready = await at.on(node, serverReady(folder, apiPort(at.cluster, node)));
  // Without curl on the host the unit's own report has to do.
  if (ready.kind === 'failed' && ready.problem.code === 'curl-missing') return { kind: 'done' };
  if (ready.kind !== 'done') return ended(ready);
  if (!ready.value.ready) return { kind: 'lacking', why: say`its server is not ready: ${ready.value.says}` };
  return votes ? whatEtcdLacks(node, folder, at) : { kind: 'done' };
}

async function whatEtcdLacks(node: ClusterNode, folder: string, at: StepContext): Promise<Proof> {
  const etcd = await at.on(node, readEtcd(folder));
  if (etcd.kind === 'unknown') return ended(etcd);
  if (etcd.kind === 'failed' && etcd.problem.code === 'curl-missing') return { kind: 'done' };
  if (etcd.kind === 'failed') return { kind: 'lacking', why: `etcd: ${etcd.problem.why ?? etcd.problem.message}` };
  const { members, self, healthy, ready: serves, why } = etcd.value;
  const own = members.find(({ id }) => id === self);
  if (own === undefined) return { kind: 'lacking', why: say`etcd: this server is no member` };
  if (own.learner) return { kind: 'lacking', why: say`etcd: learner, waiting to be promoted` };
  return healthy && serves ? { kind: 'done' } : { kind: 'lacking', why: `etcd: ${why ?? say`not healthy`}` };
}
