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
    members: () => ok(JSON.stringify({ header: { ...header, raft_term: '2' }, members: byId(cluster).map(listed) })),
    status: () => ok(JSON.stringify(statusOf(header, leader()))),
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

function statusOf(header: object, leader: EtcdMember | undefined): object {
  return {
    header: { ...header, revision: '1639', raft_term: '2' },
    version: '3.6.14',
    dbSize: '1773568',
    ...(leader === undefined ? {} : { leader: leader.id }),
    raftIndex: '1895',
    raftTerm: '2',
    raftAppliedIndex: '1895',
    ...(leader === undefined ? { errors: ['etcdserver: no leader'] } : {}),
    dbSizeInUse: '1761280',
    storageVersion: '3.6.0',
    dbSizeQuota: '2147483648',
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
