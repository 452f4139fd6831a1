import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { dataDir } from '../../core/cluster/options';
import { etcdMembers, servesApi, unitOf } from '../../core/cluster/roles';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { awaitUnit } from '../hosts/awaitUnit';
import { pinToken } from '../hosts/pinToken';
import { proveServer } from '../hosts/proveServer';
import { etcdMembers as readEtcd } from '../../core/remote/etcd';
import { serverStart } from '../planning/starts';
import { defineStep, type StepContext } from './step';

/** Starts K3s on a machine where it does not run. */
export const start = defineStep<{ readonly role: NodeRole }>({
  kind: 'start',
  phase: 'change',
  estimateMs: 20_000,
  says: ({ role }) => ({
    title: say`Start ${unitOf({ role })} and wait until it is ready`,
    doing: say`starting`,
    counted: say`start K3s on`,
  }),
  run: async (_, at) => {
    const node = at.node(at.machine.id);
    const pinned = await pinToken(node, at);
    if (pinned.kind !== 'done') return pinned;
    const up = await awaitUnit(node, 'start', at, () => foundsForOthers(node, at));
    return up.kind === 'done' ? proveServer(node, at) : up;
  },
});

/** Whether a home of etcd alone that founds the cluster has done so: it may not be ready before a control plane has joined it. */
async function foundsForOthers(node: ClusterNode, at: StepContext): Promise<boolean> {
  const founds = serverStart(at.cluster, node, at.facts).kind === 'found' && etcdMembers(at.cluster).length > 0;
  if (node.role === 'agent' || !founds || servesApi(at.cluster, node)) return false;
  const etcd = await at.on(node, readEtcd(dataDir(at.cluster, node)));
  return etcd.kind === 'done' && etcd.value.healthy && etcd.value.ready;
}
