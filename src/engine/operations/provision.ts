import type { ClusterNode } from '../../core/cluster/cluster';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { BINARY_PATH } from '../../core/k3s/paths';
import { optionIsOn } from '../../core/cluster/options';
import { servesApi, unitOf } from '../../core/cluster/roles';
import { balancersBefore, planBalancers, planForgotten, planRemovals } from '../planning/balancerSteps';
import { clusterProblems, clusterNotes } from '../planning/clusterProblems';
import { datastoreFindings } from '../planning/datastoreFindings';
import { hookNotes, hooksAfter, hooksBefore, owedHooks } from '../planning/hooks';
import { liveSteps, placeSteps, removeSteps, restartingFiles } from '../planning/fileSteps';
import { addressSteps } from '../planning/kubeVip';
import { planChange, type NodeChange } from '../planning/nodeChange';
import { reachedNodes, type Situation } from '../planning/situation';
import { convertingServer, firstServer, isRunning } from '../planning/starts';
import { awaitNodes } from '../steps/awaitNodes';
import { install } from '../steps/install';
import { putAside } from '../steps/putAside';
import { putBack } from '../steps/putBack';
import { putIn } from '../steps/putIn';
import { restart } from '../steps/restart';
import { start } from '../steps/start';
import type { StepOptions } from '../steps/step';
import { takeOut } from '../steps/takeOut';
import { writeConfig } from '../steps/writeConfig';
import type { Operation } from './operation';

/** At most this many agents start at the same time. https://docs.k3s.io/installation/requirements */
const AGENT_WAVE = 50;

/** Share of the agents that are restarted at the same time, once one of them has proved the change. */
const AGENTS_AT_ONCE = 0.1;

/**
 * Makes the machines of the file what it says. New machines are staged in parallel, then started: the first server, and as
 * soon as it answers all others. Running ones are changed one after another: each gets its configuration and binary with
 * its own restart, and only when it is back the next one is touched.
 */
export const provision: Operation<object> = {
  id: 'provision',
  title: 'Provision Cluster',
  asks: 'plan',
  then: 'kubeconfig',
  plan(situation, _, draft) {
    draft.refuse(...clusterProblems(situation));
    draft.note(...clusterNotes(situation));
    const { problems, notes } = datastoreFindings(situation);
    draft.refuse(...problems);
    draft.note(...notes);
    if (draft.problems.length === 0) planSteps(situation, draft);
  },
  proof: nodesProof,
};

function planSteps(situation: Situation, draft: Draft): void {
  const { cluster, facts } = situation;
  const nodes = reachedNodes(situation);
  const changes = new Map(nodes.map((node) => [node.id, planChange(situation, node)]));
  const changeOf = (node: ClusterNode): NodeChange => changes.get(node.id) ?? {};
  const starting = nodes.filter((node) => !isRunning(node, facts));
  for (const node of starting) {
    hooksBefore(draft, situation, node, changeOf(node));
    // No dependencies, so all are staged in parallel.
    for (const step of laySteps(node, changeOf(node))) draft.add(step);
  }

  const converting = convertingServer(cluster, facts);
  const first = firstServer(cluster, facts);
  const gate: string[] = [];
  if (converting !== undefined) {
    gate.push(...change(draft, situation, converting, changeOf(converting), []));
  } else if (first !== undefined && starting.includes(first)) {
    gate.push(
      ...begin(draft, situation, first, changeOf(first), 'it is the first server: all others join through it', []),
    );
  }
  const ends = [...gate];
  for (const node of starting.filter((server) => server.role === 'server' && server !== first)) {
    ends.push(...begin(draft, situation, node, changeOf(node), 'it is not running', gate));
  }
  const balanced = planBalancers(draft, situation);
  const open = [...gate, ...balanced];
  const agentStarts: string[] = [];
  for (const agent of starting.filter(({ role }) => role === 'agent')) {
    agentStarts.push(...begin(draft, situation, agent, changeOf(agent), 'it is not running', open));
  }

  const changing = nodes.filter((node) => isRunning(node, facts) && node !== converting && isChanged(changeOf(node)));
  ends.push(...balanced);
  let previous: readonly string[] = ends;
  for (const server of changing.filter(({ role }) => role === 'server')) {
    previous = change(draft, situation, server, changeOf(server), previous);
  }
  const agents = changing.filter(({ role }) => role === 'agent');
  const agentEnds = changeAgents(draft, situation, agents, changeOf, previous);

  const live = nodes.filter((node) => isRunning(node, facts) && node !== converting && !isChanged(changeOf(node)));
  const liveEnds = live.flatMap((node) => {
    const steps = liveSteps(node, changeOf(node).files);
    if (steps.length === 0) return owedHooks(draft, situation, node, previous);
    hooksBefore(draft, situation, node, changeOf(node), previous);
    const ids = steps.map((step) => draft.add(step, previous));
    return hooksAfter(draft, situation, node, changeOf(node), ids);
  });

  const forgotten = planForgotten(draft, situation, previous);
  const registered = [...ends, ...agentStarts, ...previous, ...agentEnds, ...liveEnds, ...forgotten];
  const last = [...registered, ...planRemovals(draft, situation, registered)];
  if (draft.steps.length > 0) for (const step of nodesProof(situation)) draft.add(step, last);
  draft.note(...hookNotes(situation, draft.steps));
}

/** A machine counts only when Kubernetes says so; one without an agent has no Node. */
function nodesProof(situation: Situation): readonly Step[] {
  const { cluster, facts } = situation;
  const nodes = reachedNodes(situation).filter((node) => !optionIsOn(cluster, node, 'disable-agent'));
  const servers = cluster.servers.filter(({ id }) => facts.has(id));
  const first = firstServer(cluster, facts);
  const asked = first !== undefined && facts.has(first.id) ? [first, ...servers] : servers;
  const reporter = asked.find((server) => servesApi(cluster, server)) ?? asked[0];
  if (reporter === undefined || nodes.length === 0) return [];
  const ids = nodes.map(({ id }) => id);
  return [awaitNodes.step(reporter, { nodes: ids }, 'a node counts only when Kubernetes says so')];
}

/** Files, configuration and binary of a machine, in the order in which one may name the other. */
function laySteps(node: ClusterNode, { config, installation, files }: NodeChange): readonly Step[] {
  const { role } = node;
  return [
    ...placeSteps(node, files),
    ...(config === undefined
      ? []
      : [writeConfig.step(node, { start: config.start }, config.reason, { differences: [config.difference] })]),
    ...(installation === undefined
      ? []
      : [install.step(node, { role, release: installation.release }, installation.reason)]),
    ...removeSteps(node, files),
  ];
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
  const why = active === undefined ? reason : `it is ${active}`;
  const holds = node.role === 'agent' ? [{ what: 'agent starting', limit: AGENT_WAVE }] : [];
  const started = draft.add(start.step(node, { role: node.role }, why, { holds }), after);
  return hooksAfter(draft, situation, node, own, [started]);
}

/** A running machine gets its change with its restart; what it ran with comes back when that fails. Ids of what to wait for. */
function change(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  wanted: NodeChange,
  after: readonly string[],
): readonly string[] {
  const { config, installation, files, pending, aside } = wanted;
  const { role } = node;
  const isServer = role === 'server';
  const options: StepOptions = isServer ? { guards: ['api-answers', 'quorum'], holds: [{ what: 'server down' }] } : {};
  // The binary is put aside with the configuration.
  const changed = files?.map(({ path }) => path).filter((path) => path !== BINARY_PATH) ?? [];
  const written = config !== undefined || installation !== undefined || (files?.length ?? 0) > 0;
  hooksBefore(draft, situation, node, wanted, after);
  const own: string[] = [];
  const add = (step: Step): string => {
    const id = draft.add(step, own.length === 0 ? after : []);
    own.push(id);
    return id;
  };
  if (written)
    add(putAside.step(node, { role, files: changed }, 'it comes back if the new state does not work', options));
  for (const step of laySteps(node, wanted)) add(step);
  const why =
    config !== undefined
      ? 'its configuration changes'
      : installation !== undefined
        ? 'its installation changes'
        : restartingFiles(files)
          ? 'K3s reads its files only when it starts'
          : (pending ?? 'it still runs with its old configuration');
  const balancers = balancersBefore(situation, node);
  if (balancers.length > 0) add(takeOut.step(node, { balancers }, 'nobody is to meet a server that stops'));
  for (const step of addressSteps(situation, node, options)) add(step);
  const alone = isServer && situation.cluster.servers.length === 1;
  const ends = [add(restart.step(node, { role, alone }, why, options))];
  if (written || aside === true) {
    const reason = 'no host is left with a state that it cannot start with';
    ends.push(add(putBack.step(node, { role }, reason, { always: true, after: own })));
  }
  if (balancers.length > 0) {
    ends.push(add(putIn.step(node, { balancers }, 'it is ready again', { always: true, after: own })));
  }
  return hooksAfter(draft, situation, node, wanted, ends);
}

/** One agent proves the change, then the others follow a few at a time. */
function changeAgents(
  draft: Draft,
  situation: Situation,
  agents: readonly ClusterNode[],
  changeOf: (node: ClusterNode) => NodeChange,
  after: readonly string[],
): readonly string[] {
  const atOnce = Math.max(1, Math.ceil(agents.length * AGENTS_AT_ONCE));
  const ends: (readonly string[])[] = [];
  for (const [index, agent] of agents.entries()) {
    const before = index === 0 ? after : (ends[Math.max(0, index - atOnce)] ?? []);
    ends.push(change(draft, situation, agent, changeOf(agent), [...after, ...before]));
  }
  return ends.flat();
}

function isChanged({ config, installation, files, pending }: NodeChange): boolean {
  return config !== undefined || installation !== undefined || pending !== undefined || restartingFiles(files);
}
