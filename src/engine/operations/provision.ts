import { later, say } from '../../core/base/say';
import type { Steps } from '../../core/base/steps';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { Draft } from '../../core/plan/draft';
import { unitOf } from '../../core/cluster/roles';
import { planBalancers, planForgotten, planRemovals } from '../planning/balancerSteps';
import { clusterProblems, clusterNotes } from '../planning/clusterProblems';
import { change, changeAgentsInSteps, isChanged, laySteps } from '../planning/changeSteps';
import { afterRebirth, endFormerLife, rebirthNotes, takenNames } from '../planning/rebirth';
import { datastoreFindings } from '../planning/datastoreFindings';
import { disruptionProblems, drainNotes, forgottenCordons } from '../planning/drains';
import { planFirewalls } from '../planning/firewallSteps';
import { planFirstSnapshot } from '../planning/firstSnapshot';
import { hookNotes, hooksAfter, hooksBefore, owedHooks } from '../planning/hooks';
import { imageSteps } from '../planning/imageSteps';
import type { KeepIntent } from '../planning/keptSnapshot';
import { planManifestDeletions } from '../planning/manifestDeletion';
import { manifestsOf, planManifests } from '../planning/manifestSteps';
import { planAddressProof } from '../planning/kubeVip';
import { leftOverSteps, passesAddressOn, planFormerAddress, planKubeVipLeaving } from '../planning/kubeVipLeaving';
import { markSteps } from '../planning/markSteps';
import { nodesProof } from '../planning/nodesProof';
import { planChange, type NodeChange } from '../planning/nodeChange';
import { operatorNotes, operatorProblems } from '../planning/operators';
import { reachedNodes, type Situation } from '../planning/situation';
import { convertingServer, firstServer, isRunning } from '../planning/starts';
import { strayUnitSteps } from '../planning/strayUnits';
import { templateNotes } from '../planning/templateNotes';
import { roomProblems } from '../planning/upgradeRoom';
import { start } from '../steps/start';
import type { Operation } from './operation';

/** At most this many agents start at the same time. https://docs.k3s.io/installation/requirements */
const AGENT_WAVE = 50;

/**
 * Makes the machines of the file what it says. New machines are staged in parallel, then started: the first server, and as
 * soon as it answers all others. Running ones are changed one after another: each gets its configuration and binary with
 * its own restart, and only when it is back the next one is touched.
 */
export const provision: Operation<KeepIntent> = {
  id: 'provision',
  title: later`Provision Cluster`,
  asks: 'plan',
  then: 'kubeconfig',
  *plan(real, intent, draft) {
    const { situation, reborn } = afterRebirth(real);
    draft.note(...rebirthNotes(reborn));
    draft.refuse(...takenNames(real));
    draft.refuse(...(yield* clusterProblems(situation)));
    yield;
    draft.note(...(yield* clusterNotes(situation)));
    yield;
    const { problems, notes } = datastoreFindings(situation);
    draft.refuse(...problems);
    draft.note(...notes);
    if (draft.problems.length === 0)
      yield* planSteps(situation, draft, intent, (node, after) => {
        const former = reborn.find((one) => one.node === node);
        return former === undefined ? after : endFormerLife(draft, real, former, after);
      });
  },
  proof: (situation) => nodesProof(situation),
};

/** `clear` ends what stands in the way of a machine that starts; ids of what to wait for then. */
function* planSteps(
  situation: Situation,
  draft: Draft,
  intent: KeepIntent,
  clear: (node: ClusterNode, after: readonly string[]) => readonly string[],
): Steps<void> {
  const { cluster, facts } = situation;
  const nodes = reachedNodes(situation);
  const changes = new Map<string, NodeChange>();
  for (const node of nodes) {
    changes.set(node.id, planChange(situation, node));
    yield;
  }
  const changeOf = (node: ClusterNode): NodeChange => changes.get(node.id) ?? {};
  // Nothing waits for it but what is done to the same machine.
  const strays = nodes.flatMap((node) => strayUnitSteps(situation, node).map((step) => draft.add(step)));
  const firewalls = planFirewalls(draft, situation);
  const starting = nodes.filter((node) => !isRunning(node, facts));
  const leftOver: string[] = [];
  for (const node of starting) {
    for (const step of leftOverSteps(situation, node)) leftOver.push(draft.add(step));
    hooksBefore(draft, situation, node, changeOf(node));
    // No dependencies, so all are staged in parallel.
    for (const step of laySteps(node, changeOf(node))) draft.add(step);
    yield;
  }

  const converting = convertingServer(cluster, facts);
  const first = firstServer(cluster, facts);
  const gate: string[] = [...firewalls.servers];
  if (converting !== undefined) {
    gate.push(...change(draft, situation, converting, changeOf(converting), firewalls.servers));
  } else if (first !== undefined && starting.includes(first)) {
    gate.push(
      ...begin(
        draft,
        situation,
        first,
        changeOf(first),
        say`it is the first server: all others join through it`,
        firewalls.servers,
      ),
    );
  }
  const ends = [...gate];
  let cleared: readonly string[] = gate;
  for (const node of starting.filter((server) => server.role === 'server' && server !== first)) {
    // One member at a time leaves.
    const own = clear(node, cleared);
    if (own !== cleared) cleared = [...gate, ...own];
    ends.push(...begin(draft, situation, node, changeOf(node), say`it is not running`, own === cleared ? gate : own));
  }
  const balanced = planBalancers(draft, situation, ends, leftOver);
  const open = [...gate, ...balanced];
  const agentStarts: string[] = [];
  for (const agent of starting.filter(({ role }) => role === 'agent')) {
    agentStarts.push(...begin(draft, situation, agent, changeOf(agent), say`it is not running`, clear(agent, open)));
    yield;
  }

  const changing = nodes.filter((node) => isRunning(node, facts) && node !== converting && isChanged(changeOf(node)));
  ends.push(...balanced);
  // keepalived gives the address up before kube-vip takes it: who got it on the same machine would lose it with the other.
  if (cluster.loadBalancer?.type === 'kube-vip') ends.push(...planRemovals(draft, situation, ends));
  const live = nodes.filter((node) => isRunning(node, facts) && node !== converting && !isChanged(changeOf(node)));
  const changeLive = (node: ClusterNode, after: readonly string[]): readonly string[] => {
    const steps = laySteps(node, changeOf(node));
    if (steps.length === 0) return owedHooks(draft, situation, node, after);
    hooksBefore(draft, situation, node, changeOf(node), after);
    const ids = steps.map((step) => draft.add(step, after));
    return hooksAfter(draft, situation, node, changeOf(node), ids);
  };
  const servers = changing.filter(({ role }) => role === 'server');
  const sharing = live.filter((node) => manifestsOf(situation, node, changeOf(node)).length > 0);
  const shared = sharing.flatMap((node) => changeLive(node, ends));
  const manifests = planManifests(draft, situation, servers, changeOf, ends);
  let previous: readonly string[] = [...ends, ...shared, ...manifests.ends];
  previous = planFirstSnapshot(draft, situation, servers, changeOf, intent, previous);
  for (const server of servers) {
    previous = change(draft, situation, server, changeOf(server), previous, manifests.rest.get(server.id));
    yield;
  }
  const agents = changing.filter(({ role }) => role === 'agent');
  const agentEnds = yield* changeAgentsInSteps(draft, situation, agents, changeOf, previous);

  const liveEnds = [
    ...shared,
    ...live.filter((node) => !sharing.includes(node)).flatMap((node) => changeLive(node, previous)),
  ];

  yield;
  const forgotten = planForgotten(draft, situation, previous);
  const registered = [...ends, ...agentStarts, ...previous, ...agentEnds, ...liveEnds, ...forgotten];
  const removed = cluster.loadBalancer?.type === 'kube-vip' ? [] : planRemovals(draft, situation, registered);
  const left = passesAddressOn(situation) ? [] : planKubeVipLeaving(draft, situation, registered);
  const deleted = planManifestDeletions(draft, situation, registered);
  const proved = planAddressProof(draft, situation, registered);
  const former = planFormerAddress(draft, situation, [...registered, ...proved]);
  const last = [...strays, ...firewalls.all, ...registered, ...removed, ...left, ...deleted, ...proved, ...former];
  yield;
  for (const step of forgottenCordons(situation, draft.steps)) last.push(draft.add(step));
  for (const node of nodes)
    for (const step of markSteps(situation, node, isChanged(changeOf(node)))) last.push(draft.add(step, registered));
  if (draft.steps.length > 0) for (const step of nodesProof(situation, draft.steps)) draft.add(step, last);
  yield;
  draft.refuse(
    ...disruptionProblems(situation, draft.steps),
    ...operatorProblems(situation, draft.steps),
    ...roomProblems(situation, changeOf, draft.steps),
  );
  yield;
  draft.note(
    ...templateNotes(situation, changeOf),
    ...operatorNotes(situation),
    ...hookNotes(situation, draft.steps),
    ...drainNotes(situation, changeOf),
  );
}

/** Starts a machine that is staged. Ids of what to wait for. */
function begin(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  own: NodeChange,
  reason: string,
  after: readonly string[],
): readonly string[] {
  const active = situation.facts.get(node.id)?.units[unitOf(node)]?.active;
  const why = active === undefined ? reason : say`it is ${active}`;
  const holds = node.role === 'agent' ? [{ what: say`agent starting`, limit: AGENT_WAVE }] : [];
  const started = draft.add(start.step(node, { role: node.role }, why, { holds }), after);
  // Nobody waits for images to join.
  for (const step of imageSteps(situation, node)) draft.add(step, [started]);
  return hooksAfter(draft, situation, node, own, [started]);
}
