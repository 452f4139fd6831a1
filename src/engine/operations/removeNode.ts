import { later, say } from '../../core/base/say';
import { count, listed } from '../../core/base/words';
import type { Cluster } from '../../core/cluster/cluster';
import { etcdMembers, quorumOf } from '../../core/cluster/roles';
import type { MachineId } from '../../core/plan/step';
import { hookNotes } from '../planning/hooks';
import { leavingNodes, type Leaving } from '../planning/leaving';
import { nodesProof } from '../planning/nodesProof';
import { ghostsAmong, removalProblems, unknownNodes } from '../planning/removalProblems';
import {
  askedServer,
  exorcise,
  forgetBackends,
  moveJoiners,
  proveRestAddress,
  removeOne,
} from '../planning/removalSteps';
import type { Outcome, Situation } from '../planning/situation';
import type { Operation } from './operation';

/** Who is to leave the cluster. */
export interface RemovalIntent {
  /** Machines of the file. */
  readonly nodes: readonly MachineId[];
  /** What the cluster calls each: of a machine that does not answer only its Node tells, as long as it is there. */
  readonly names?: Readonly<Record<MachineId, string>>;
  /** Those that were members of etcd alone when they were looked at first: once they are gone nobody knows them any more. */
  readonly ghosts?: readonly string[];
}

/**
 * Takes machines out of a cluster that goes on, one after another: what does not answer first, then agents, then servers, so
 * that each finds as many voters as there can be. The file loses them when all of it is done.
 */
export const removeNode: Operation<RemovalIntent> = {
  id: 'remove-node',
  title: later`Remove Node…`,
  asks: 'plan-and-name',
  then: 'refresh',
  forgets: true,
  outcome: (cluster, { nodes }) => without(cluster, nodes),
  typed: ({ cluster }, { nodes }) => {
    const servers = cluster.servers.filter(({ id }) => nodes.includes(id)).map(({ id }) => id);
    return servers.length === 0 ? undefined : servers.join(' ');
  },
  bind: (situation, { nodes, names, ghosts }) => ({
    nodes,
    ghosts: ghosts ?? ghostsAmong(situation, nodes),
    names: Object.fromEntries(
      leavingNodes(situation, nodes, names).flatMap(({ node, name }) => (name === undefined ? [] : [[node.id, name]])),
    ),
  }),
  plan(situation, { nodes, names, ghosts: bound = [] }, draft) {
    const outcome: Outcome = situation.outcome ?? situation;
    const leaving = inOrder(leavingNodes(situation, nodes, names));
    draft.refuse(
      ...unknownNodes(
        situation,
        nodes.filter((name) => !bound.includes(name)),
      ),
    );
    if (draft.problems.length === 0) draft.refuse(...removalProblems(situation, outcome.cluster, leaving));
    if (draft.problems.length > 0) return;
    const asked = askedServer(situation, outcome.cluster);
    const ghosts = ghostsAmong(situation, nodes);
    let previous = exorcise(draft, situation, outcome, ghosts, asked);
    for (const one of leaving.filter(({ seen }) => seen === undefined))
      previous = removeOne(draft, situation, outcome, one, asked, previous);
    previous = moveJoiners(draft, situation, outcome, leaving, previous);
    const moved = draft.steps.some(({ kind }) => kind === 'restart');
    for (const one of leaving.filter(({ seen }) => seen !== undefined))
      previous = removeOne(draft, situation, outcome, one, asked, previous);
    previous = forgetBackends(draft, situation, outcome, previous);
    if (leaving.some(({ node, live }) => node.role === 'server' && live !== undefined))
      proveRestAddress(draft, situation, outcome, previous);
    if (moved) for (const step of nodesProof({ ...situation, ...outcome }, draft.steps)) draft.add(step, previous);
    draft.note(...removalNotes(situation, outcome.cluster, leaving), ...hookNotes(situation, draft.steps));
  },
};

function without(cluster: Cluster, nodes: readonly MachineId[]): Cluster {
  const stays = ({ id }: { readonly id: string }): boolean => !nodes.includes(id);
  return { ...cluster, servers: cluster.servers.filter(stays), agents: cluster.agents.filter(stays) };
}

function inOrder(leaving: readonly Leaving[]): readonly Leaving[] {
  return [
    ...leaving.filter(({ seen }) => seen === undefined),
    ...leaving.filter(({ node, seen }) => seen !== undefined && node.role === 'agent'),
    ...leaving.filter(({ node, seen }) => seen !== undefined && node.role === 'server'),
  ];
}

/** What stays true afterwards, and what nobody should be surprised by. */
function removalNotes({ unreachable }: Situation, rest: Cluster, leaving: readonly Leaving[]): readonly string[] {
  const dead = leaving.filter(({ node }) => unreachable.has(node.id)).map(({ node }) => node.id);
  const members = etcdMembers(rest).length;
  const servers = leaving.some(({ node }) => node.role === 'server');
  const spare = members - quorumOf(members);
  return [
    ...(servers && members > 0
      ? [
          say`etcd has ${count(members, 'member')} then: ${spare === 0 ? say`none of them may fail` : say`${spare} may fail`}.${members === 2 ? say` A file with two of them is an error to the rules: add another one before you provision again.` : ''}`,
        ]
      : []),
    ...(dead.length === 0
      ? []
      : [
          say`${listed(dead)} ${dead.length === 1 ? 'does' : 'do'} not answer and ${dead.length === 1 ? 'is' : 'are'} removed without being touched. Should ${dead.length === 1 ? say`it` : say`one of them`} come back, run k3s-uninstall.sh (on an agent k3s-agent-uninstall.sh) there before anything else: an agent registers again by itself, and K3s on a server hangs without its member.`,
        ]),
  ];
}
