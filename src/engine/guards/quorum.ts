import { say } from '../../core/base/say';
import type { Problem } from '../../core/base/problem';
import { count } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { apiServers, etcdMembers, quorumOf } from '../../core/cluster/roles';
import { clusterHealth } from '../../core/health/clusterHealth';
import { etcdVoters, type EtcdVoter } from '../../core/health/etcdVoters';
import { nodeHealth } from '../../core/health/nodeHealth';
import { listNodes } from '../../core/remote/kubectl';
import { shellWord } from '../../core/remote/shell';
import { askEtcd, votersOf } from '../hosts/etcdVoters';
import type { StepContext } from '../steps/step';
import type { Guard } from './guard';
import { again, refusal, silentApis } from './refusal';

/**
 * With embedded etcd the voters that answer without this server have to be a majority of all voters that etcd has. Voters
 * are etcd's own members: the file may lack some, and neither `Ready` nor `EtcdIsVoter` notices that a machine is dead.
 * The only voter of all may be stopped.
 */
export const quorum: Guard = {
  id: 'quorum',
  async check(node, at) {
    const { cluster, facts } = at;
    if (cluster.datastore.type !== 'embedded-etcd') return undefined;
    const members = etcdMembers(cluster);
    // A server that is about to turn its SQLite into etcd: there is nothing yet that could lose a majority.
    if (members.every(({ id }) => facts.get(id)?.etcdData === false)) return undefined;
    const alone = members.every(({ id }) => id === node.id);
    const views = await askEtcd(alone ? members : members.filter(({ id }) => id !== node.id), at);
    const answers = [...views.values()];
    // A member that cannot be asked may be well; only the API knows more of it then.
    if (answers.some((view) => view.kind === 'failed' && view.problem.code === 'curl-missing'))
      return judgeByApi(node, alone, at);
    if (answers.some(({ kind }) => kind === 'done')) return judge(node, await votersOf(views, at), alone);
    if (alone) return undefined;
    const why = [...views].map(
      ([id, view]) => `${id}: ${view.kind === 'done' ? '' : (view.problem.why ?? view.problem.message)}`,
    );
    return refusal(node, say`its etcd quorum`, say`no other member of etcd answers (${why.join('; ')})`);
  },
};

/** On hosts without curl etcd cannot be asked; what Kubernetes says of its members is the next best thing. */
async function judgeByApi(node: ClusterNode, alone: boolean, at: StepContext): Promise<Problem | undefined> {
  const others = apiServers(at.cluster).filter(({ id }) => id !== node.id);
  const silent = await silentApis(others, at);
  const witness = others.find(({ id }) => !silent.has(id)) ?? node;
  const listed = await at.on(witness, listNodes());
  if (listed.kind !== 'done') {
    // Only the node itself could have answered: what votes alone, or not at all, takes nothing away that is there.
    const votes = etcdMembers(at.cluster).some(({ id }) => id === node.id);
    if (witness.id === node.id && (alone || !votes)) return undefined;
    return refusal(node, say`its etcd quorum`, listed.problem.why ?? listed.problem.message);
  }
  const now = at.clock.now();
  const health = clusterHealth(
    at.cluster,
    listed.value.map((item) => nodeHealth(item, now)),
  );
  return judge(node, etcdVoters(at.cluster, health, silent), alone);
}

function judge(node: ClusterNode, voters: readonly EtcdVoter[], alone: boolean): Problem | undefined {
  const rest = voters.filter((voter) => voter.node?.id !== node.id);
  if (alone && rest.length === 0) return undefined;
  const down = rest.filter(({ fault }) => fault !== undefined);
  const needed = quorumOf(voters.length);
  const left = rest.length - down.length;
  if (left >= needed) return undefined;
  const why = [
    say`etcd has ${count(voters.length, 'voting member')} and needs ${needed}; ${left} of them would be left without ${node.id}`,
  ];
  for (const { name, node: declared, fault = '' } of down) {
    why.push(`${name}${declared === undefined ? say`, which is not in the file,` : ''} ${fault}`);
  }
  const stale = down.filter((voter) => voter.node === undefined).map(({ name }) => name);
  const broken = down.filter((voter) => voter.node !== undefined).map(({ name }) => name);
  return refusal(node, say`its etcd quorum`, why.join('; '), [
    ...stale.map(
      (name) =>
        say`If ${name} is gone for good, remove its member first with "kubectl delete node ${shellWord(name)}", ${again()}`,
    ),
    ...(broken.length === 0 ? [] : [say`Bring ${broken.join(', ')} back to Ready, ${again()}`]),
    ...(down.length > 0 ? [] : [say`Add a server that votes first, or wait until all members have a vote, ${again()}`]),
  ]);
}
