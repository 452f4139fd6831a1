import { canReach } from '../network';
import { isAlive, type PracticeHost } from '../machine/host';
import type { World } from '../world';
import { updateNode, type K3sCluster, type ServerRun } from './cluster';
import { hasQuorum } from './etcd';
import { electLeader } from './leader';
import { removeAnnotated } from './removal';
import { READY, readyStatus, UNKNOWN, VOTER, voterCondition, withConditions } from './nodeObject';
import { TIMINGS } from './timings';

/** Whether a server's datastore lets it read and write. */
export function datastoreHealthy(world: World, server: ServerRun): boolean {
  const { cluster, host, member } = server;
  if (member !== undefined && !cluster.members.has(member)) return false;
  if (cluster.etcdId !== '') return hasQuorum(cluster.members, (member) => canReach(world, host, member.host));
  return server.databaseAnswers?.() ?? true;
}

/** A server of the cluster whose API works for someone on `from`; undefined when there is none. */
export function workingServer(world: World, cluster: K3sCluster, from: PracticeHost): ServerRun | undefined {
  return [...cluster.servers].find(
    (server) => server.apiUp && canReach(world, from, server.host) && datastoreHealthy(world, server),
  );
}

/** Starts what the leader of a cluster does all the time: node heartbeats and promotion of etcd learners. */
export function startController(world: World, cluster: K3sCluster): void {
  const stops = [
    world.clock.every(TIMINGS.heartbeat, () => checkHeartbeats(world, cluster)),
    world.clock.every(TIMINGS.promotion, () => promote(world, cluster)),
    world.clock.every(TIMINGS.voterCheck, () => checkVoters(world, cluster)),
    cluster.nodes.onChange(({ object }) => removeAnnotated(cluster, object)),
  ];
  world.signal.addEventListener('abort', () => {
    for (const stop of stops) stop();
  });
}

function checkHeartbeats(world: World, cluster: K3sCluster): void {
  const working = passLeases(world, cluster);
  if (working.length === 0) return;
  for (const node of cluster.nodes.list()) {
    const { name } = node.metadata;
    const kubelet = cluster.kubelets.get(name);
    const beats = kubelet !== undefined && workingServer(world, cluster, kubelet.host) !== undefined;
    const silent = beats ? 0 : (cluster.silence.get(name) ?? 0) + TIMINGS.heartbeat;
    cluster.silence.set(name, silent);
    const status = readyStatus(node);
    if (beats && kubelet.networkReady && status !== 'Ready') setConditions(world, cluster, name, READY);
    if (silent >= TIMINGS.nodeGrace && status !== 'Unknown') setConditions(world, cluster, name, UNKNOWN);
  }
}

function promote(world: World, cluster: K3sCluster): void {
  const leads = electLeader(world, cluster);
  if (leads === undefined) return;
  for (const member of cluster.members) {
    if (!member.learner || !member.online || !member.inSync || !isAlive(member.host)) continue;
    member.learner = false;
    const leader = [...cluster.servers].find(({ member: own }) => own === leads);
    leader?.log('info', `Promoted learner ${member.name}`);
  }
}

/** Servers whose API works. Leases of those that do not are taken over by one that does. */
function passLeases(world: World, cluster: K3sCluster): readonly ServerRun[] {
  const working = [...cluster.servers].filter(
    (server) => isAlive(server.host) && server.apiUp && datastoreHealthy(world, server),
  );
  if (working.length === 0) return [];
  const holds = (server: ServerRun | undefined): boolean => server !== undefined && working.includes(server);
  if (!holds(cluster.controllers)) cluster.controllers = working[0];
  const last = cluster.etcdController;
  if (last === undefined) cluster.etcdController = working[0];
  else if (!holds(last))
    cluster.later(TIMINGS.leaseExpiry, () => {
      if (cluster.etcdController === last) cluster.etcdController = undefined;
    });
  return working;
}

/** K3s writes into each node of a server what etcd's member list says of it; a new node waits for its first time. */
function checkVoters(world: World, cluster: K3sCluster): void {
  if (!passLeases(world, cluster).some(({ comparesVoters }) => comparesVoters)) return;
  for (const { metadata, status } of cluster.nodes.list())
    if (status.conditions.some(({ type }) => type === VOTER)) checkVoter(world, cluster, metadata.name);
}

/** The same for one node. */
export function checkVoter(world: World, cluster: K3sCluster, nodeName: string): void {
  const node = cluster.nodes.get(nodeName);
  const memberName = node?.metadata.annotations['etcd.k3s.cattle.io/node-name'];
  if (node === undefined || memberName === undefined || passLeases(world, cluster).length === 0) return;
  const wanted = voterCondition([...cluster.members].find((member) => member.name === memberName));
  const shown = node.status.conditions.find(({ type }) => type === VOTER);
  if (shown?.reason !== wanted.reason) setConditions(world, cluster, nodeName, [wanted]);
}

function setConditions(
  world: World,
  cluster: K3sCluster,
  name: string,
  changes: Parameters<typeof withConditions>[2],
): void {
  updateNode(cluster, name, (node) => withConditions(node, isoTime(world.clock.now()), changes));
}

/** RFC 3339 without fractions, as Kubernetes writes times. */
export function isoTime(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
