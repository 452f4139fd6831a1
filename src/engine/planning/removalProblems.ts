import { later, said, say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { count, listed } from '../../core/base/words';
import type { Cluster } from '../../core/cluster/cluster';
import { optionIsOn } from '../../core/cluster/options';
import { apiServers, etcdMembers, nodesOf, quorumOf, unitOf } from '../../core/cluster/roles';
import type { EtcdMember } from '../../core/remote/etcd';
import { identityProblems } from './identity';
import { ghostMembers } from './memberGaps';
import { isInstalled, type Leaving } from './leaving';
import type { Situation } from './situation';
import { clusterCaHash, isRunning } from './starts';
import { isSilent } from './unreachable';

/** Why machines cannot be taken out of a cluster that goes on without them. */
export function removalProblems(situation: Situation, rest: Cluster, leaving: readonly Leaving[]): readonly Problem[] {
  const lasting = lastProblems(situation, rest, leaving);
  if (lasting.length > 0) return lasting;
  return [
    ...identityProblems({ ...situation, cluster: rest }),
    ...leaving.flatMap((one) => [
      ...strangerProblem(situation, rest, one),
      ...roleProblem(one),
      ...silenceProblem(situation, one),
    ]),
    ...voiceProblem(situation, rest, leaving),
    ...quorumProblem(situation, leaving),
  ];
}

/** Names of members that no Node and no machine of the file belongs to. */
export function ghostsAmong(situation: Situation, wanted: readonly string[]): readonly string[] {
  const known = new Set(nodesOf(situation.cluster).map(({ id }) => id));
  const ghosts = new Set(ghostMembers(situation).map(({ nodeName }) => nodeName));
  return wanted.filter((name) => !known.has(name) && ghosts.has(name));
}

/** Names that nobody knows. */
export function unknownNodes(situation: Situation, wanted: readonly string[]): readonly Problem[] {
  const known = nodesOf(situation.cluster).map(({ id }) => id);
  const ghosts = ghostsAmong(situation, wanted);
  return wanted
    .filter((id) => !known.includes(id) && !ghosts.includes(id))
    .map((id) =>
      problem('node-unknown', say`The cluster file has no node ${id}`, {
        nextSteps: [say`Its nodes are ${listed(known)}.`],
      }),
    );
}

const RESET = later`To give the whole cluster up, use Reset Cluster ("k3s-ha reset FILE").`;

/** What nobody else could stand in for. */
function lastProblems({ cluster }: Situation, rest: Cluster, leaving: readonly Leaving[]): readonly Problem[] {
  const servers = leaving.filter(({ node }) => node.role === 'server').map(({ node }) => node.id);
  const lost =
    servers.length === 0
      ? undefined
      : rest.servers.length === 0
        ? say`the last server, and with it the data of the cluster`
        : apiServers(rest).length === 0
          ? say`its last server with an API`
          : etcdMembers(cluster).length > 0 && etcdMembers(rest).length === 0
            ? say`the last copy of its data: no other server is a member of etcd`
            : undefined;
  if (lost === undefined) return [];
  return [
    problem('last-of-its-kind', say`${listed(servers)} cannot be removed: the cluster would lose ${lost}`, {
      nextSteps: [say`Add a server and provision the cluster first; then remove this one.`, said(RESET)],
    }),
  ];
}

/** A machine that belongs to another cluster is none of ours to uninstall. */
function strangerProblem({ facts }: Situation, rest: Cluster, { node, seen }: Leaving): readonly Problem[] {
  const ours = clusterCaHash(rest, facts);
  if (seen?.caHash === undefined || ours === undefined || seen.caHash === ours) return [];
  return [
    problem('other-cluster', say`${node.id} belongs to another cluster and is left alone`, {
      host: node.id,
      why: say`Its certificate authority is ${seen.caHash.slice(0, 12)}, that of this cluster ${ours.slice(0, 12)}.`,
      nextSteps: [say`Take its lines out of the cluster file by hand.`],
    }),
  ];
}

/** Whoever is taken for an agent would not be missed by etcd. */
function roleProblem({ node, seen, live }: Leaving): readonly Problem[] {
  const own = unitOf(node);
  const other = own === 'k3s' ? 'k3s-agent' : 'k3s';
  const differs = seen?.units[other] !== undefined && seen.units[own] === undefined;
  if (!differs && (live === undefined || live.role === node.role)) return [];
  const is = node.role === 'server' ? say`an agent` : 'a server';
  return [
    problem('role-changed', say`${node.id} is ${is} of the cluster, and the file has it as ${node.role}`, {
      host: node.id,
      why: say`It is removed as what it is: a server counts for the quorum.`,
      nextSteps: [
        say`Write it as ${is} again and remove it then. A change of the role is a removal and an addition: afterwards add it as ${node.role} and provision.`,
      ],
    }),
  ];
}

/** A machine that cannot be asked may still run K3s: whose Node is deleted then registers again, and a server joins etcd anew. */
function silenceProblem({ cluster, unreachable }: Situation, { node, live, member }: Leaving): readonly Problem[] {
  const why = unreachable.get(node.id);
  if (why === undefined) return [];
  if (!isSilent(why)) return [why];
  const hidden = live === undefined && member !== undefined && optionIsOn(cluster, node, 'disable-agent');
  if (!hidden && (live === undefined || live.ready === 'unknown')) return [];
  return [
    problem('node-may-run', say`${node.id} does not answer over SSH, but K3s may still run there`, {
      host: node.id,
      why: hidden
        ? say`A server without agent has no Node that could tell. ${why.message}.`
        : say`Its Node is ${live?.reason ?? ''}: a kubelet that has stopped is noticed after 50 s. ${why.message}.`,
      nextSteps: [
        say`If the machine is off, wait a minute and run again.`,
        say`If it runs, repair SSH to it first; else it would come back into the cluster by itself.`,
      ],
    }),
  ];
}

/** Nobody who stays can be asked. */
function voiceProblem(
  { cluster, facts, live }: Situation,
  rest: Cluster,
  leaving: readonly Leaving[],
): readonly Problem[] {
  const keeps = cluster.k3s.install.method === 'preinstalled';
  const joined = leaving.some(({ seen }) => seen === undefined || isInstalled(seen, keeps));
  if (!joined || (live !== undefined && rest.servers.some((node) => isRunning(node, facts)))) return [];
  return [
    problem('cluster-silent', say`No server that stays answers, so nobody can let a node go`, {
      nextSteps: [say`Bring the cluster up first: provision it, or restore its quorum.`, said(RESET)],
    }),
  ];
}

/** Each voter that leaves stands still before it is taken out: until then it counts and does not answer. */
function quorumProblem(situation: Situation, leaving: readonly Leaving[]): readonly Problem[] {
  let voters = (situation.live?.etcd?.members ?? []).filter(({ learner }) => !learner);
  for (const { node, member } of leaving) {
    if (member === undefined || !voters.some(({ id }) => id === member.id)) continue;
    const needed = quorumOf(voters.length);
    const others = voters.filter(({ id }) => id !== member.id);
    const alive = others.filter((other) => isAlive(situation, other));
    if (alive.length < needed) {
      const down = others.filter((other) => !alive.includes(other)).map(({ nodeName }) => nodeName);
      return [
        problem('removal-would-break-cluster', say`${node.id} is not removed: etcd would lose its quorum`, {
          host: node.id,
          why: say`etcd has ${count(voters.length, 'voting member')} and needs ${needed}; while ${node.id} stops, ${alive.length} would be left${down.length === 0 ? '' : say` (${listed(down)} ${down.length === 1 ? 'is' : 'are'} down)`}.`,
          nextSteps: [
            ...(down.length === 0
              ? [say`Add a server and provision the cluster first; then remove this one.`]
              : [say`Bring ${listed(down)} back first, or remove what is gone for good before anything else.`]),
            said(RESET),
          ],
        }),
      ];
    }
    voters = others;
  }
  return [];
}

/** By its machine where the file knows it, else by its Node. */
function isAlive({ cluster, facts, live }: Situation, member: EtcdMember): boolean {
  const machine = cluster.servers.find(
    ({ id, name }) => facts.get(id)?.etcdName === member.name || name?.toLowerCase() === member.nodeName,
  );
  if (machine !== undefined) return isRunning(machine, facts);
  return live?.nodes.some(({ name, ready }) => name === member.nodeName && ready === 'ready') === true;
}
