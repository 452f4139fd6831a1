import { problem, type Problem } from '../../core/base/problem';
import type { ServerStart } from '../../core/cluster/configFile';
import type { HostFacts } from '../../core/remote/probe';
import { upgradeProblem } from '../../core/k3s/upgrade';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { optionIsOn } from '../../core/cluster/options';
import { nodesOf, unitOf } from '../../core/cluster/roles';
import { createDraft, type Draft } from '../../core/plan/draft';
import type { Plan, Step } from '../../core/plan/plan';
import { hostNotes, preflight } from '../planning/preflight';

/** What should stand on one host, as hashes, so that a plan never needs to hold a secret. */
export interface DesiredNode {
  /** sha256 of config.yaml for every way this node may begin; the key is {@link startKey}. */
  readonly configHashes: ReadonlyMap<string, string>;
  /** The same with the full token of those who join; empty as long as the cluster's authority is not known. */
  readonly pinnedHashes: ReadonlyMap<string, string>;
  /** sha256 of the installation inputs. */
  readonly stamp: string;
}

/** At most this many agents start at the same time. https://docs.k3s.io/installation/requirements */
const AGENT_WAVE = 50;

/** Names a way to begin, for {@link DesiredNode.configHashes}. */
export function startKey(start: ServerStart): string {
  return start.kind === 'found' ? 'found' : `join:${start.through.id}`;
}

/** Every way a node may begin: servers with embedded etcd found or join, all others have one way. */
export function possibleStarts(cluster: Cluster, node: ClusterNode): ServerStart[] {
  if (node.role === 'agent' || cluster.datastore.type !== 'embedded-etcd') return [{ kind: 'found' }];
  return [
    { kind: 'found' },
    ...cluster.servers.filter((server) => server.id !== node.id).map((through) => ({ kind: 'join' as const, through })),
  ];
}

/** Compares what should be with what is. Pure: the same input gives the same plan, and an unchanged cluster gives no steps. */
export function buildPlan(
  cluster: Cluster,
  facts: ReadonlyMap<string, HostFacts>,
  desired: ReadonlyMap<string, DesiredNode>,
): Plan {
  const nodes = nodesOf(cluster);
  const problems = planProblems(cluster, nodes, facts);
  const notes = planNotes(cluster, nodes, facts);
  if (problems.length > 0) return { clusterName: cluster.name, nodes, steps: [], problems, notes };
  const steps = planSteps(cluster, nodes, facts, desired);
  return { clusterName: cluster.name, nodes, steps, problems, notes };
}

function planProblems(
  cluster: Cluster,
  nodes: readonly ClusterNode[],
  facts: ReadonlyMap<string, HostFacts>,
): Problem[] {
  const problems: Problem[] = [];
  if (cluster.servers.length === 0)
    problems.push(
      problem('no-server', 'The cluster file declares no server', {
        nextSteps: ['Add at least one node under servers.nodes.'],
      }),
    );
  if (cluster.k3s.install.method === 'airgap') {
    problems.push(
      problem('airgap-not-supported', 'This version of K3s HA cannot upload air-gap artifacts', {
        nextSteps: [
          'Put the binary on the hosts and use install.method: preinstalled with a scriptUrl that they can reach.',
        ],
      }),
    );
  }
  const machines = new Map<string, string>();
  for (const node of nodes) {
    const seen = facts.get(node.id);
    if (seen === undefined) continue;
    problems.push(...preflight(cluster, node, seen), ...upgradeProblem(node, cluster.k3s.version, seen.k3sVersion));
    // Containers on one machine share the boot id, cloned machines share names: only all three together prove it.
    const machine = [seen.bootId, seen.hostname, ...seen.addresses].join(' ');
    const twin = machines.get(machine);
    if (seen.bootId !== '' && twin !== undefined) {
      problems.push(
        problem('same-machine', `${twin} and ${node.id} are the same machine`, {
          host: node.id,
          nextSteps: ['Correct the address of one of them.'],
        }),
      );
    }
    machines.set(machine, node.id);
  }
  return problems;
}

function planNotes(cluster: Cluster, nodes: readonly ClusterNode[], facts: ReadonlyMap<string, HostFacts>): string[] {
  const times = [...facts.values()].map((seen) => seen.time).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const { loadBalancer } = cluster;
  const managed = loadBalancer !== undefined && loadBalancer.type !== 'external' && loadBalancer.type !== 'dns';
  return [
    ...nodes.flatMap((node) => {
      const seen = facts.get(node.id);
      return seen === undefined ? [] : hostNotes(node, seen, median);
    }),
    ...(managed
      ? [
          `The load balancer ${loadBalancer.address} (${loadBalancer.type}) is not installed by this version of K3s HA; it has to forward port ${loadBalancer.port} to the servers before agents can register.`,
        ]
      : []),
  ];
}

function planSteps(
  cluster: Cluster,
  nodes: readonly ClusterNode[],
  facts: ReadonlyMap<string, HostFacts>,
  desired: ReadonlyMap<string, DesiredNode>,
): readonly Step[] {
  const plan = createDraft();
  const changed = new Map<string, string>();
  for (const node of nodes) stage(plan, cluster, node, facts, desired, changed);

  const running = (node: ClusterNode): boolean => facts.get(node.id)?.units[unitOf(node)]?.active === 'active';
  const starting = nodes.filter((node) => !running(node));
  const restarting = nodes.filter(
    (node) => running(node) && (changed.has(node.id) || facts.get(node.id)?.restartPending === true),
  );

  const first = firstServer(cluster, facts);
  const gate: string[] = [];
  if (first !== undefined && starting.includes(first))
    gate.push(start(plan, first, facts, 'it is the first server: all others join through it'));
  const serverStarts = starting
    .filter((node) => node.role === 'server' && node !== first)
    .map((node) => start(plan, node, facts, 'it is not running', gate));
  const agentStarts: string[] = [];
  for (const agent of starting.filter((node) => node.role === 'agent')) {
    const wave = agentStarts[agentStarts.length - AGENT_WAVE];
    agentStarts.push(start(plan, agent, facts, 'it is not running', wave === undefined ? gate : [...gate, wave]));
  }

  let previous = [...gate, ...serverStarts];
  for (const node of restarting.filter((candidate) => candidate.role === 'server'))
    previous = [restart(plan, node, changed, previous)];
  const agentRestarts = restarting
    .filter((node) => node.role === 'agent')
    .map((node) => restart(plan, node, changed, previous));

  const last = [...gate, ...serverStarts, ...agentStarts, ...previous, ...agentRestarts];
  const reporter = first ?? cluster.servers[0];
  if (plan.steps.length > 0 && reporter !== undefined) {
    plan.add(
      reporter,
      { type: 'await-nodes' },
      `Wait until all ${nodes.length} nodes are Ready`,
      'a node counts only when Kubernetes says so',
      last,
    );
  }
  return plan.steps;
}

/** Configuration and binary: no dependencies, so all hosts are staged in parallel before anything starts. */
function stage(
  plan: Draft,
  cluster: Cluster,
  node: ClusterNode,
  facts: ReadonlyMap<string, HostFacts>,
  desired: ReadonlyMap<string, DesiredNode>,
  changed: Map<string, string>,
): void {
  const seen = facts.get(node.id);
  const want = desired.get(node.id);
  if (seen === undefined || want === undefined) return;
  const start = serverStart(cluster, node, facts);
  // With data on disk K3s ignores how a server once began, so every way of beginning counts as unchanged. So does either
  // form of the token: a node that runs has its authority, and the full form comes with the next start or change.
  const accepted = [want.configHashes, want.pinnedHashes].flatMap((hashes) =>
    seen.etcdData ? [...hashes.values()] : [hashes.get(startKey(start))],
  );
  if (seen.configSha256 === undefined || !accepted.includes(seen.configSha256)) {
    const reason =
      seen.configSha256 === undefined ? 'there is no config.yaml yet' : 'its content differs from the cluster file';
    plan.add(node, { type: 'write-config', start }, 'Write /etc/rancher/k3s/config.yaml (0600)', reason);
    changed.set(node.id, 'its configuration changes');
  }
  const version = cluster.k3s.version;
  const reason =
    seen.units[unitOf(node)] === undefined || seen.k3sVersion === undefined
      ? 'K3s is not installed'
      : version !== undefined && seen.k3sVersion !== version
        ? `${seen.k3sVersion} is installed`
        : seen.stamp?.trim() !== want.stamp
          ? 'it was installed with other settings'
          : undefined;
  if (reason !== undefined) {
    plan.add(
      node,
      { type: 'install' },
      `Install K3s ${version ?? `(channel ${cluster.k3s.channel ?? 'stable'})`} as ${node.role}, without starting it`,
      reason,
    );
    if (seen.units[unitOf(node)] !== undefined) changed.set(node.id, 'its installation changes');
  }
}

/** How this node begins, given what is already on the hosts: a wiped first server must join, never found a second cluster. */
export function serverStart(cluster: Cluster, node: ClusterNode, facts: ReadonlyMap<string, HostFacts>): ServerStart {
  if (node.role === 'agent' || cluster.datastore.type !== 'embedded-etcd') return { kind: 'found' };
  const first = firstServer(cluster, facts);
  if (first === undefined || first === node) {
    const other = cluster.servers.find((server) => server !== node && facts.get(server.id)?.etcdData === true);
    return other === undefined ? { kind: 'found' } : { kind: 'join', through: other };
  }
  return { kind: 'join', through: first };
}

/** The server that the others join through: one that runs with data, else one with data, else the first of the file. */
export function firstServer(cluster: Cluster, facts: ReadonlyMap<string, HostFacts>): ClusterNode | undefined {
  const { servers } = cluster;
  const hasData = (server: ClusterNode): boolean => {
    const seen = facts.get(server.id);
    return seen !== undefined && (seen.etcdData || seen.sqliteData || seen.serverToken);
  };
  const runs = (server: ClusterNode): boolean => facts.get(server.id)?.units.k3s?.active === 'active';
  return (
    servers.find((server) => hasData(server) && runs(server)) ??
    servers.find(hasData) ??
    servers.find((server) => optionIsOn(cluster, server, 'cluster-init')) ??
    servers[0]
  );
}

/** Hash of the authority of the cluster that runs, as its first server knows it; undefined before the first start. */
export function clusterCaHash(cluster: Cluster, facts: ReadonlyMap<string, HostFacts>): string | undefined {
  const first = firstServer(cluster, facts);
  return [...(first === undefined ? [] : [first]), ...cluster.servers]
    .map((server) => facts.get(server.id)?.caHash)
    .find((hash) => hash !== undefined);
}

function start(
  plan: Draft,
  node: ClusterNode,
  facts: ReadonlyMap<string, HostFacts>,
  reason: string,
  after: readonly string[] = [],
): string {
  const active = facts.get(node.id)?.units[unitOf(node)]?.active;
  return plan.add(
    node,
    { type: 'start' },
    `Start ${unitOf(node)} and wait until it is ready`,
    active === undefined ? reason : `it is ${active}`,
    after,
  );
}

function restart(
  plan: Draft,
  node: ClusterNode,
  changed: ReadonlyMap<string, string>,
  after: readonly string[],
): string {
  const title =
    node.role === 'server'
      ? `Restart ${unitOf(node)} while the other servers keep the cluster up`
      : `Restart ${unitOf(node)}`;
  return plan.add(
    node,
    { type: 'restart' },
    title,
    changed.get(node.id) ?? 'it still runs with its old configuration',
    after,
  );
}
