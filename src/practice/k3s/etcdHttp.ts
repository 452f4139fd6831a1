import { canReach } from '../network';
import type { PracticeHost } from '../machine/host';
import type { K3sCluster } from './cluster';
import type { EtcdMember } from './etcd';
import { byId, electLeader } from './leader';
import type { World } from '../world';

/** What one address of etcd answers on loopback: 2382 (JSON gateway) and 2381 (health). */
export interface EtcdAnswer {
  readonly status: number;
  readonly body: string;
}

/** The four questions that have an answer here. */
export interface EtcdHttp {
  members(): EtcdAnswer;
  status(): EtcdAnswer;
  health(): EtcdAnswer;
  readyz(): EtcdAnswer;
  isFull(): boolean;
}

/** etcd as it runs on this host; undefined where none does. */
export function etcdOn(world: World, host: PracticeHost): EtcdHttp | undefined {
  for (const cluster of world.clusters) {
    for (const member of cluster.members)
      if (member.host === host && member.online) return answers(world, cluster, member);
  }
  return undefined;
}

function answers(world: World, cluster: K3sCluster, self: EtcdMember): EtcdHttp {
  const leader = (): EtcdMember | undefined => {
    const found = electLeader(world, cluster);
    return found !== undefined && canReach(world, self.host, found.host) ? found : undefined;
  };
  const header = { cluster_id: cluster.etcdId, member_id: self.id };
  return {
    isFull: () => cluster.full,
    members: () => ok(JSON.stringify({ header: { ...header, raft_term: '2' }, members: byId(cluster).map(listed) })),
    status: () => ok(JSON.stringify(statusOf(header, leader(), roomOf(cluster, self)))),
    health: () =>
      leader() === undefined
        ? { status: 503, body: '{"health":"false","reason":"RAFT NO LEADER"}' }
        : ok('{"health":"true","reason":""}'),
    readyz: () => readyzOf(leader() !== undefined, self.learner),
  };
}

/** GET /db/info of K3s: the same list, with ids as bare numbers. */
export function databaseInfo(cluster: K3sCluster): string {
  return JSON.stringify({ members: byId(cluster).map(listed) }).replaceAll(/"ID":"(\d+)"/g, '"ID":$1');
}

function ok(body: string): EtcdAnswer {
  return { status: 200, body };
}

function listed({ id, name, host, learner }: EtcdMember): object {
  const url = (port: number): readonly string[] => [`https://${host.addresses[0]}:${port}`];
  // etcd leaves out what is false.
  return { ID: id, name, peerURLs: url(2380), clientURLs: url(2379), ...(learner ? { isLearner: true } : {}) };
}

/** What etcd takes and may take on a member, and the alarms of the cluster. */
interface Room {
  readonly size: number;
  readonly quota: number;
  readonly errors: readonly string[];
}

const USUAL_QUOTA = 2 ** 31;
const USUAL_SIZE = 1_773_568;
/** A few pages below the usual quota, where the next write does not fit any more. */
const FULL_SIZE = 2_147_475_456;

/** `quota-backend-bytes` of the etcd that runs on a member. */
function quotaOf(cluster: K3sCluster, member: EtcdMember): number {
  const server = [...cluster.servers].find((one) => one.member === member);
  const given = server?.config
    .list('etcd-arg')
    .flatMap((arg) => /^(?:--)?quota-backend-bytes=(\d+)$/.exec(arg)?.[1] ?? []);
  return Number(given?.at(-1) ?? USUAL_QUOTA);
}

/** Whether etcd refuses writes: one member without room is enough, whatever the others have. */
export function hasNoSpace(cluster: K3sCluster): boolean {
  const online = [...cluster.members].filter((member) => member.online);
  return cluster.full && online.some((member) => quotaOf(cluster, member) <= USUAL_QUOTA);
}

function roomOf(cluster: K3sCluster, self: EtcdMember): Room {
  return {
    size: cluster.full ? FULL_SIZE : USUAL_SIZE,
    quota: quotaOf(cluster, self),
    errors: hasNoSpace(cluster) ? [`memberID:${self.id} alarm:NOSPACE `] : [],
  };
}

function statusOf(header: object, leader: EtcdMember | undefined, { size, quota, errors }: Room): object {
  const faults = [...(leader === undefined ? ['etcdserver: no leader'] : []), ...errors];
  return {
    header: { ...header, revision: '1639', raft_term: '2' },
    version: '3.6.14',
    dbSize: String(size),
    ...(leader === undefined ? {} : { leader: leader.id }),
    raftIndex: '1895',
    raftTerm: '2',
    raftAppliedIndex: '1895',
    ...(faults.length === 0 ? {} : { errors: faults }),
    dbSizeInUse: String(size - 12_288),
    storageVersion: '3.6.0',
    dbSizeQuota: String(quota),
    downgradeInfo: {},
  };
}

function readyzOf(hasLeader: boolean, learner: boolean): EtcdAnswer {
  if (hasLeader && !learner) return ok('ok\n');
  const lines = [
    '[+]serializable_read ok',
    hasLeader ? '[+]linearizable_read ok' : '[-]linearizable_read failed: etcdserver: no leader',
    learner ? '[-]non_learner failed: not supported for learner' : '[+]non_learner ok',
    '[+]data_corruption ok',
  ];
  return { status: 503, body: `${lines.join('\n')}\n` };
}
