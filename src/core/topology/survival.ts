import { later, said, say } from '../base/say';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { endpointParameter, shownEndpoints } from './endpoints';
import { fallWith } from './fate';
import { cutOffWords, partition, type Partition } from './partition';
import { BALANCER, addressPart, agentPart, datastorePart, serverPart, sqlitePart } from './ids';
import type { Answer, Outcome, Quorum, Survival } from './model';
import { certificateNames, defaultRegistration, registrationTarget, usesOwnBalancer, workloadNodes } from './roles';
import { oncePer } from '../base/remember';
import { count, listed } from '../base/words';
import { apiServers, etcdMembers, quorumOf } from '../cluster/roles';
import { datastoreOfType } from '../datastore/registry';

/** What still works when the given parts have failed. Ids that the cluster does not have are harmless. */
export function survives(cluster: Cluster, failedPartIds: readonly string[]): Survival {
  const broken = fallWith(cluster, failedPartIds);
  const split = partition(cluster, failedPartIds, broken);
  const down = split === undefined ? broken : fallWith(cluster, [...broken, ...split.cutOff]);
  const quorum = quorumState(cluster, down, split);
  const datastore = datastoreAnswer(cluster, down, quorum);
  const api = splitAnswer(cluster, split, apiAnswer(cluster, down, datastore));
  const controlPlane = datastore.outcome !== 'no' && apiServers(cluster).some((s) => !down.has(serverPart(s.id)));
  return {
    failed: [...down].sort(),
    cutOff: split === undefined ? [] : [...down].filter((id) => !broken.has(id)).sort(),
    api,
    datastore,
    join: joinAnswer(cluster, down, datastore, controlPlane),
    workloads: splitAnswer(cluster, split, workloadsAnswer(cluster, down, controlPlane)),
    kubeconfig: kubeconfigAnswer(cluster, down, api),
    ...(quorum === undefined ? {} : { quorum }),
  };
}

/** Cut networks are part of every answer that they make worse. */
function splitAnswer(cluster: Cluster, split: Partition | undefined, plain: Answer): Answer {
  if (split === undefined) return plain;
  return answer(plain.outcome === 'no' ? 'no' : 'partly', `${cutOffWords(split, cluster)}. ${plain.reason}`);
}

function quorumState(cluster: Cluster, down: ReadonlySet<string>, split: Partition | undefined): Quorum | undefined {
  const { datastore } = cluster;
  const { voters, home } = datastoreOfType(datastore.type);
  if (voters === undefined || (datastore.type === 'nats' && !replicated(cluster))) return undefined;
  const onServers = etcdMembers(cluster).map((s) => serverPart(s.id));
  const ids = home === 'servers' ? onServers : shownEndpoints(datastore).map((_, i) => datastorePart(i));
  const alive = Math.min(ids.filter((id) => !down.has(id)).length, split?.reached ?? Infinity);
  const needed = quorumOf(ids.length);
  return { members: ids.length, needed, alive, margin: alive - needed };
}

/** JetStream keeps a bucket on one server unless the endpoint asks for replicas. */
function replicated(cluster: Cluster): boolean {
  return Number(endpointParameter(cluster.datastore, 'replicas') ?? 1) > 1;
}

function datastoreAnswer(cluster: Cluster, down: ReadonlySet<string>, quorum: Quorum | undefined): Answer {
  const { datastore } = cluster;
  if (quorum !== undefined) {
    const name = said(datastoreOfType(datastore.type).voters ?? later`members`);
    const have = say`${quorum.alive} of ${quorum.members} ${name} left, ${quorum.needed} needed`;
    if (quorum.margin < 0) return answer('no', say`Quorum is lost: ${have}.`);
    if (quorum.alive < quorum.members && quorum.margin === 0)
      return answer('partly', say`${have}: it works, but the next failure stops it.`);
    const more = quorum.margin === 0 ? say`none may fail` : say`${quorum.margin} more may fail`;
    return answer('yes', say`${quorum.alive} of ${quorum.members} ${name} up, ${quorum.needed} needed: ${more}.`);
  }
  if (datastore.type === 'sqlite') {
    const first = cluster.servers[0];
    if (first === undefined) return answer('no', say`There is no server to hold the SQLite file.`);
    if (down.has(sqlitePart(first.id))) return answer('no', say`The SQLite file is on ${first.id}, which is down.`);
    return answer('yes', say`The SQLite file is on ${first.id} and nowhere else.`);
  }
  const lost = shownEndpoints(datastore).flatMap((e, i) =>
    down.has(datastorePart(i)) ? [e.address ?? say`the datastore`] : [],
  );
  if (lost.length > 0) return answer('no', say`Every server needs the datastore, and ${listed(lost)} is down.`);
  return answer('yes', say`The external datastore answers; its own redundancy is outside this file.`);
}

interface Reach {
  readonly outcome: Outcome;
  readonly words: string;
}

/** The fixed address alone, whatever is behind it. */
function addressReach(cluster: Cluster, down: ReadonlySet<string>): Reach {
  const balancer = cluster.loadBalancer;
  if (balancer === undefined) {
    const first = cluster.servers[0];
    if (first === undefined) return { outcome: 'no', words: say`there is no server` };
    if (down.has(serverPart(first.id)))
      return { outcome: 'no', words: say`there is no fixed address: clients use ${first.id}, which is down` };
    return { outcome: 'yes', words: say`at ${first.id}, because there is no fixed address` };
  }
  if (down.has(BALANCER)) return { outcome: 'no', words: say`the load balancer ${balancer.address} is down` };
  const someServerDown = apiServers(cluster).some((s) => down.has(serverPart(s.id)));
  if (balancer.type === 'dns' && someServerDown)
    return {
      outcome: 'partly',
      words: say`through ${balancer.address}, slowly: its DNS records still name servers that are down`,
    };
  return { outcome: 'yes', words: say`behind ${balancer.address}` };
}

function apiAnswer(cluster: Cluster, down: ReadonlySet<string>, datastore: Answer): Answer {
  const all = apiServers(cluster);
  const alive = all.filter((s) => !down.has(serverPart(s.id)));
  if (alive.length === 0)
    return answer('no', all.length === 0 ? say`There is no server that runs the API.` : say`Every server is down.`);
  if (datastore.outcome === 'no')
    return answer('no', say`No server can answer without its datastore. ${datastore.reason}`);
  const reach = addressReach(cluster, down);
  if (reach.outcome === 'no') {
    return answer(
      'no',
      say`${sentence(reach.words)}. Still answering at ${alive.length === 1 ? 'its own address' : 'their own addresses'}: ${listed(names(alive))}.`,
    );
  }
  if (cluster.loadBalancer === undefined) return answer('yes', say`The API answers ${reach.words}.`);
  return answer(
    reach.outcome,
    say`${alive.length} of ${count(all.length, 'server')} ${alive.length === 1 ? 'answers' : 'answer'} ${reach.words}.`,
  );
}

/** Where the next node would register: as the present agents do when they all agree. */
const nextRegistration: (cluster: Cluster) => string | undefined = oncePer((cluster) => {
  const targets = new Set(cluster.agents.map((a) => registrationTarget(cluster, a)));
  return targets.size === 1 ? [...targets][0] : defaultRegistration(cluster);
});

function joinAnswer(cluster: Cluster, down: ReadonlySet<string>, datastore: Answer, controlPlane: boolean): Answer {
  if (datastore.outcome === 'no') return answer('no', say`A new node cannot be recorded while the datastore is down.`);
  if (!controlPlane) return answer('no', say`No server is left to register with.`);
  const target = nextRegistration(cluster);
  if (target === undefined) return answer('no', say`There is no address to register at.`);
  const pinned = cluster.servers.find((s) => serverPart(s.id) === target);
  if (pinned !== undefined) {
    if (down.has(target)) return answer('no', say`New nodes register at ${pinned.id}, which is down.`);
    return answer('yes', say`New nodes register at ${pinned.id}; without it none can join.`);
  }
  if (target !== BALANCER)
    return answer(
      down.has(target) ? 'no' : 'partly',
      say`New nodes register at ${target.slice(addressPart('').length)}, which this file does not describe.`,
    );
  const reach = addressReach(cluster, down);
  if (reach.outcome === 'no') return answer('no', say`New nodes register at the fixed address, and ${reach.words}.`);
  return answer(reach.outcome, say`New nodes register ${reach.words}.`);
}

function workloadsAnswer(cluster: Cluster, down: ReadonlySet<string>, controlPlane: boolean): Answer {
  const nodes = workloadParts(cluster);
  const alive = nodes.filter((id) => !down.has(id));
  if (nodes.length === 0)
    return answer('no', say`No node takes ordinary pods: every server is tainted and there are no agents.`);
  if (alive.length === 0) return answer('no', say`Every node that runs workloads is down.`);
  const lost = nodes.length - alive.length;
  if (!controlPlane) {
    const gone = lost === 0 ? '' : say` Pods of ${count(lost, 'lost node')} are not replaced.`;
    return answer(
      'partly',
      say`Containers run on at ${count(alive.length, 'node')}, but nothing is rescheduled, scaled or updated.${gone}`,
    );
  }
  const cutOff = cutOffAgents(cluster, down);
  if (cutOff > 0)
    return answer(
      'partly',
      say`${count(cutOff, 'agent')} without ${cutOff === 1 ? 'its' : 'their'} own load balancer cannot reach a server: containers run on, but the cluster counts ${cutOff === 1 ? 'it' : 'them'} as lost.`,
    );
  if (lost > 0)
    return answer(
      'yes',
      say`Pods of ${count(lost, 'lost node')} start again on the other ${alive.length} after about five minutes, if there is room.`,
    );
  if (down.has(BALANCER) && cluster.agents.length > 0)
    return answer('yes', say`Agents reach the servers directly through their own load balancers.`);
  return answer('yes', say`${sentence(count(alive.length, 'node'))} ${alive.length === 1 ? 'runs' : 'run'} workloads.`);
}

/** The parts of the nodes that take ordinary pods. */
const workloadParts: (cluster: Cluster) => readonly string[] = oncePer((cluster) =>
  workloadNodes(cluster).map(({ role, id }) => (role === 'server' ? serverPart(id) : agentPart(id))),
);

/** Agents that insist on a registration address which is down. https://docs.k3s.io/architecture#fixed-registration-address-for-agent-nodes */
function cutOffAgents(cluster: Cluster, down: ReadonlySet<string>): number {
  return insisting(cluster).filter(
    ({ part, target }) =>
      !down.has(part) && (target === BALANCER ? addressReach(cluster, down).outcome === 'no' : down.has(target)),
  ).length;
}

const insisting: (cluster: Cluster) => readonly { readonly part: string; readonly target: string }[] = oncePer(
  (cluster) =>
    cluster.agents.flatMap((agent) => {
      const target = usesOwnBalancer(cluster, agent) ? undefined : registrationTarget(cluster, agent);
      return target === undefined ? [] : [{ part: agentPart(agent.id), target }];
    }),
);

function kubeconfigAnswer(cluster: Cluster, down: ReadonlySet<string>, api: Answer): Answer {
  if (api.outcome === 'no') return answer('no', say`It points at an address where no API answers now.`);
  const balancer = cluster.loadBalancer;
  if (balancer === undefined)
    return answer(
      api.outcome,
      say`It points at ${cluster.servers[0]?.id ?? say`the first server`} and works as long as that server does.`,
    );
  const name = balancer.tlsServerName ?? balancer.address;
  const alive = apiServers(cluster).filter((s) => !down.has(serverPart(s.id)));
  const silent = alive.filter((s) => !certificateNames(s, name));
  if (silent.length === alive.length) return answer('no', say`No certificate names ${name}: it is missing in tls-san.`);
  if (silent.length > 0)
    return answer(
      'partly',
      say`The certificate of ${listed(names(silent))} does not name ${name}: connections that land there fail.`,
    );
  return answer(api.outcome, say`It points at ${balancer.address}, which every certificate names.`);
}

function names(nodes: readonly ClusterNode[]): readonly string[] {
  return nodes.map((n) => n.id);
}

function answer(outcome: Outcome, reason: string): Answer {
  return { outcome, reason: sentence(reason) };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
