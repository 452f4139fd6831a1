import { problem, type Problem } from '../../core/base/problem';
import { clusterHealth } from '../../core/health/clusterHealth';
import { etcdVoters, type EtcdVoter } from '../../core/health/etcdVoters';
import { nodeHealth } from '../../core/health/nodeHealth';
import { apiReady, listNodes } from '../../core/remote/kubectl';
import { shellWord } from '../../core/remote/shell';
import type { ClusterNode } from '../../core/cluster/cluster';
import { count } from '../../core/base/words';
import { etcdMembers, quorumOf, servesApi } from '../../core/cluster/roles';
import type { StepContext } from '../steps/stepContext';

const AGAIN = 'then run again: everything done so far stays.';

/**
 * Why this server must not be stopped now; undefined when it may. If other servers of the file have an API, one of them has
 * to answer. With embedded etcd the voters that answer without this server have to be a majority of all voters that the
 * cluster has, see {@link etcdVoters}. The only server that has the API, or the only voter of all, may be stopped: nothing
 * can stand in for it, and its restart is what was asked for.
 */
export async function quorumGuard(node: ClusterNode, context: StepContext): Promise<Problem | undefined> {
  const { cluster } = context.prepared;
  const api = cluster.servers.filter((server) => servesApi(cluster, server));
  const asked = api.filter(({ id }) => id !== node.id);
  const silent = await silentApis(asked, context);
  const witness = asked.length === 0 ? api[0] : asked.find(({ id }) => !silent.has(id));
  if (witness === undefined)
    return refusal(node, 'its API', ['no other server answers with a ready API', ...reasons(silent)].join('; '));
  if (cluster.datastore.type !== 'embedded-etcd') return undefined;
  const members = etcdMembers(cluster);
  const alone = members.every(({ id }) => id === node.id);
  const votes = members.some(({ id }) => id === node.id);
  const answer = await context.on(witness, listNodes());
  // Only the node itself could have answered: what does not vote, or votes alone, takes nothing away that is there.
  if (answer.kind !== 'done' && witness.id === node.id && (alone || !votes)) return undefined;
  if (answer.kind !== 'done') return refusal(node, 'its etcd quorum', answer.problem.why ?? answer.problem.message);
  const health = clusterHealth(
    cluster,
    answer.value.map((item) => nodeHealth(item, context.deps.clock.now())),
  );
  return enoughVoters(node, etcdVoters(cluster, health, silent), alone);
}

/** Which of the servers do not answer with a ready API, and why. */
async function silentApis(servers: readonly ClusterNode[], context: StepContext): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(
    servers.map(async (server) => ({ server, ready: await context.on(server, apiReady()) })),
  );
  return new Map(
    answers.flatMap(({ server, ready }) =>
      ready.kind === 'done' ? [] : [[server.id, `does not answer: ${ready.problem.why ?? ready.problem.message}`]],
    ),
  );
}

function reasons(silent: ReadonlyMap<string, string>): readonly string[] {
  return [...silent].map(([id, why]) => `${id} ${why}`);
}

function enoughVoters(node: ClusterNode, voters: readonly EtcdVoter[], alone: boolean): Problem | undefined {
  const rest = voters.filter((voter) => voter.node?.id !== node.id);
  if (alone && rest.length === 0) return undefined;
  const down = rest.filter(({ fault }) => fault !== undefined);
  const needed = quorumOf(voters.length);
  const left = rest.length - down.length;
  if (left >= needed) return undefined;
  const why = [
    `etcd has ${count(voters.length, 'voting member')} and needs ${needed}; ${left} of them would be left without ${node.id}`,
  ];
  for (const { name, node: declared, fault = '' } of down)
    why.push(`${name}${declared === undefined ? ', which is not in the file,' : ''} ${fault}`);
  const stale = down.filter((voter) => voter.node === undefined).map(({ name }) => name);
  const broken = down.filter((voter) => voter.node !== undefined).map(({ name }) => name);
  return refusal(node, 'its etcd quorum', why.join('; '), [
    ...stale.map(
      (name) =>
        `If ${name} is gone for good, remove its member first with "kubectl delete node ${shellWord(name)}", ${AGAIN}`,
    ),
    ...(broken.length === 0 ? [] : [`Bring ${broken.join(', ')} back to Ready, ${AGAIN}`]),
    ...(down.length > 0 ? [] : [`Add a server that votes first, or wait until all members have a vote, ${AGAIN}`]),
  ]);
}

function refusal(
  node: ClusterNode,
  lost: string,
  why: string,
  nextSteps = [`Bring the other servers back to Ready, ${AGAIN}`],
): Problem {
  return problem('restart-would-break-cluster', `${node.id} is not restarted: the cluster would lose ${lost}`, {
    host: node.id,
    why,
    nextSteps,
  });
}
