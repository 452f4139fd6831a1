import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { serverUrl } from '../../core/cluster/registration';
import { apiServers, balancerMachines, etcdMembers, nodesOf, servesApi, unitOf } from '../../core/cluster/roles';
import { presentOptions } from '../../core/facts/presentOptions';
import type { Draft } from '../../core/plan/draft';
import type { MachineId, Step } from '../../core/plan/step';
import { awaitMembers } from '../steps/awaitMembers';
import { cordon } from '../steps/cordon';
import { deleteNode } from '../steps/deleteNode';
import { drain } from '../steps/drain';
import { proveAddress } from '../steps/proveAddress';
import { putIn } from '../steps/putIn';
import { releaseAddress } from '../steps/releaseAddress';
import { removeMember } from '../steps/removeMember';
import { startAgain } from '../steps/startAgain';
import type { StepOptions } from '../steps/step';
import { stopK3s } from '../steps/stopK3s';
import { takeOut } from '../steps/takeOut';
import { uncordon } from '../steps/uncordon';
import { uninstallK3s } from '../steps/uninstallK3s';
import { writeBalancer } from '../steps/writeBalancer';
import { balancerChange } from './balancerChange';
import { balancersBefore } from './balancerSteps';
import { drainRules } from './drains';
import { change, changeAgents } from './changeSteps';
import { hooksAfterRemoval, hooksBeforeRemoval, owesRemovalHooks } from './hooks';
import { addressSteps } from './kubeVip';
import { isInstalled, runsK3s, type Leaving } from './leaving';
import { planChange } from './nodeChange';
import type { Outcome, Situation } from './situation';
import { isRunning } from './starts';

/** The server that stays and is asked about the cluster: a member of etcd with an API where there is one. */
export function askedServer({ facts }: Situation, rest: Cluster): ClusterNode | undefined {
  const running = rest.servers.filter((node) => isRunning(node, facts));
  const members = new Set(etcdMembers(rest).map(({ id }) => id));
  return (
    running.find((node) => servesApi(rest, node) && members.has(node.id)) ??
    running.find((node) => servesApi(rest, node)) ??
    running[0]
  );
}

/** Servers that stay and can be asked about Nodes, the best one first. */
function othersFirst({ facts }: Situation, rest: Cluster, asked: ClusterNode): readonly MachineId[] {
  const others = apiServers(rest).filter((node) => node !== asked && isRunning(node, facts));
  return [asked, ...others].map(({ id }) => id);
}

/**
 * Takes one machine out: nobody is sent there any more, its pods move, K3s stops for good, the cluster forgets it, and every
 * member of etcd that stays knows that before anything else happens. Only then its data goes. Ids of what to wait for.
 */
export function removeOne(
  draft: Draft,
  situation: Situation,
  { cluster: rest }: Outcome,
  leaving: Leaving,
  asked: ClusterNode | undefined,
  after: readonly string[],
): readonly string[] {
  const { cluster } = situation;
  const { node, name, seen, live, member } = leaving;
  const keepsProgram = cluster.k3s.install.method === 'preinstalled';
  const installed = seen !== undefined && isInstalled(seen, keepsProgram);
  const known = asked !== undefined && name !== undefined && (live !== undefined || member !== undefined);
  if (!installed && !known) {
    return owesRemovalHooks(situation, node) ? hooksAfterRemoval(draft, situation, node, after) : after;
  }
  const own: string[] = [];
  const add = (step: Step): string => {
    const id = draft.add(step, own.length === 0 ? after : own.slice(-1));
    own.push(id);
    return id;
  };
  const why = say`${node.id} leaves the cluster`;
  hooksBeforeRemoval(draft, situation, node, after);
  const runs = runsK3s(leaving);
  const balancers = runs ? balancersBefore(situation, node) : [];
  if (balancers.length > 0) add(takeOut.step(node, { balancers }, say`nobody is to meet a server that stops`));
  const pods =
    runs && live !== undefined && asked !== undefined
      ? { name: live.name, through: othersFirst(situation, rest, asked) }
      : undefined;
  if (pods !== undefined) {
    add(cordon.step(node, pods, say`no pod is to come to a node that leaves`));
    add(drain.step(node, { ...pods, ...drainRules(cluster) }, say`its pods go on elsewhere`));
  }
  const isServer = node.role === 'server';
  const options: StepOptions =
    isServer && runs ? { guards: ['api-answers', 'quorum'], holds: [{ what: 'server down' }] } : {};
  if (runs) for (const step of addressSteps(situation, node, options)) add(step);
  const given = own.length;
  if (installed) {
    add(stopK3s.step(node, { role: node.role }, why, options));
    const address = rest.loadBalancer?.type === 'kube-vip' ? rest.loadBalancer.address : undefined;
    if (address !== undefined && isServer && servesApi(cluster, node))
      add(releaseAddress.step(node, { address }, say`containers of kube-vip outlive K3s`));
  }
  if (known) {
    const reason =
      seen === undefined
        ? say`it does not answer, and counts as a node as long as the cluster has it`
        : say`a Node that is deleted while K3s runs comes back`;
    const deletion =
      live === undefined
        ? undefined
        : add(deleteNode.step(asked, { name, member: member !== undefined }, reason, { about: node.id }));
    if (member !== undefined || (isServer && etcdMembers(cluster).length > 0)) {
      add(removeMember.step(asked, { node: name }, say`it would count for the quorum for ever`, { about: node.id }));
      const members = etcdMembers(rest).filter((one) => isRunning(one, situation.facts));
      if (members.length > 0)
        add(
          awaitMembers.step(
            asked,
            { gone: [name], members: members.map(({ id }) => id) },
            say`a server that restarts before counts on the member that is gone`,
            { about: node.id },
          ),
        );
    }
    if (runs && deletion !== undefined) {
      const back = { role: node.role, name, through: asked.id, until: deletion };
      draft.add(
        startAgain.step(node, back, say`a removal that is given up leaves nothing stopped`, {
          always: true,
          after: own.slice(given),
        }),
      );
      if (balancers.length > 0)
        draft.add(
          putIn.step(node, { balancers, unless: deletion }, say`it goes on if the removal is given up`, {
            always: true,
            after: own,
          }),
        );
    }
  }
  if (pods !== undefined)
    draft.add(
      uncordon.step(node, pods, say`a removal that is given up leaves nothing cordoned`, { always: true, after: own }),
    );
  if (installed) add(uninstallK3s.step(node, { keepsProgram }, say`its data must never start again under this name`));
  return hooksAfterRemoval(draft, situation, node, own);
}

/** Takes members out of etcd that neither a Node nor a machine stands for, one after another. */
export function exorcise(
  draft: Draft,
  { facts }: Situation,
  { cluster: rest }: Outcome,
  ghosts: readonly string[],
  asked: ClusterNode | undefined,
): readonly string[] {
  const members = etcdMembers(rest).filter((one) => isRunning(one, facts));
  let previous: readonly string[] = [];
  for (const name of asked === undefined ? [] : ghosts) {
    const gone = draft.add(
      removeMember.step(asked as ClusterNode, { node: name }, say`it counts for the quorum and answers to nobody`),
      previous,
    );
    const agree = { gone: [name], members: members.map(({ id }) => id) };
    previous = [draft.add(awaitMembers.step(asked as ClusterNode, agree, say`all have to know it`), [gone])];
  }
  return previous;
}

/**
 * Nodes whose configuration names a machine that leaves and that K3s reads at each start get another address to join through,
 * one after another and each proved, before it goes. A server with data of etcd is none of them: K3s ignores that option then.
 */
export function moveJoiners(
  draft: Draft,
  situation: Situation,
  outcome: Outcome,
  leaving: readonly Leaving[],
  after: readonly string[],
): readonly string[] {
  const next: Situation = { ...situation, ...outcome };
  const moving = joinersOf(situation, outcome, leaving);
  let previous = after;
  for (const node of moving.filter(({ role }) => role === 'server'))
    previous = change(draft, next, node, planChange(next, node), previous);
  const agents = moving.filter(({ role }) => role === 'agent');
  return [...previous, ...changeAgents(draft, next, agents, (node) => planChange(next, node), previous)];
}

function joinersOf(situation: Situation, outcome: Outcome, leaving: readonly Leaving[]): readonly ClusterNode[] {
  const { cluster, facts } = situation;
  const urls = new Set(
    leaving.filter(({ node }) => node.role === 'server').map(({ node }) => serverUrl(cluster, node)),
  );
  return nodesOf(outcome.cluster).filter((node) => {
    const seen = facts.get(node.id);
    if (seen === undefined || !isRunning(node, facts)) return false;
    const [url] = presentOptions(seen, unitOf(node)).effective.get('server') ?? [];
    if (url === undefined || !urls.has(url.replace(/\/$/, ''))) return false;
    return planChange({ ...situation, ...outcome }, node).config !== undefined;
  });
}

/** Takes servers that are gone out of the configuration of the load balancer, one machine of it after another. */
export function forgetBackends(
  draft: Draft,
  { facts }: Situation,
  { cluster: rest, balancers }: Outcome,
  after: readonly string[],
): readonly string[] {
  let previous = after;
  for (const machine of balancerMachines(rest)) {
    const seen = facts.get(machine.id);
    const content = balancers.get(machine.id);
    if (seen === undefined || content === undefined) continue;
    const { packages, parts } = balancerChange(content, seen);
    const running = parts.filter(({ unit }) => seen.balancer?.units.get(unit)?.active === 'active');
    if (packages !== undefined || running.length < parts.length) {
      draft.note(
        say`The load balancer on ${machine.id} differs from the file in other ways, too: provision the cluster afterwards.`,
      );
      continue;
    }
    const own = running.map(({ unit, differences }) =>
      draft.add(
        writeBalancer.step(machine, { unit, runs: true }, say`servers behind it have left`, { differences }),
        previous,
      ),
    );
    if (own.length > 0) previous = own;
  }
  return previous;
}

/** Proves that one server that stays carries the address of kube-vip. */
export function proveRestAddress(
  draft: Draft,
  { facts }: Situation,
  { cluster: rest }: Outcome,
  after: readonly string[],
): void {
  const { loadBalancer } = rest;
  const servers = apiServers(rest).filter((node) => isRunning(node, facts));
  const [first] = servers;
  if (loadBalancer?.type !== 'kube-vip' || loadBalancer.bgp !== undefined || first === undefined) return;
  const { address, port } = loadBalancer;
  const ids = servers.map(({ id }) => id);
  draft.add(proveAddress.step(first, { address, port, servers: ids }, say`${listed(ids)} go on carrying it`), after);
}
