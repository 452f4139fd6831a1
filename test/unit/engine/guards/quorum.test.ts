import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { normalise } from '../../../../src/core/cluster/normalise';
import { apiAnswers } from '../../../../src/engine/guards/apiAnswers';
import { quorum } from '../../../../src/engine/guards/quorum';
import { freshHost } from '../../../support/cluster';
import { etcdText, nodesText, scriptedHosts } from '../../../support/scriptedHosts';
import { stepContext } from '../../../support/stepContext';
import { apiNode, NOW, SERVER_LABELS, SILENT, VOTER } from '../../health/nodes';

const ETCD_ONLY = { 'disable-apiserver': true, 'disable-controller-manager': true, 'disable-scheduler': true };
const NO_ETCD = { 'disable-etcd': true };
type Config = Readonly<Record<string, unknown>>;

/** Servers s1, s2, … with these options of their own. */
function clusterOf(...configs: readonly Config[]): Cluster {
  const nodes = configs.map((config, i) => ({ host: `10.0.0.${11 + i}`, name: `s${i + 1}`, config }));
  return normalise({ metadata: { name: 'edge' }, datastore: { type: 'embedded-etcd' }, servers: { nodes } });
}

interface Running {
  /** Numbers of the servers that vote; 4 is s4. */
  readonly voters: readonly number[];
  readonly others?: readonly number[];
  readonly learners?: readonly number[];
  /** Machines that are off and long known as such. */
  readonly off?: readonly number[];
  /** Machines that went off a moment ago: the API still calls them Ready. */
  readonly justOff?: readonly number[];
}

/** How members are found: etcd tells them, or the API on hosts without curl. */
type Way = 'etcd' | 'api';

/** Asks whether the server may be stopped; gives the answer and who was asked for what. */
async function guard(
  way: Way,
  cluster: Cluster,
  id: string,
  { voters, others = [], learners = [], off = [], justOff = [] }: Running,
) {
  const node = (number: number, etcd?: Record<string, unknown>): unknown =>
    apiNode({
      name: `s${number}`,
      ip: `10.0.0.${10 + number}`,
      labels: SERVER_LABELS,
      ...(etcd === undefined ? {} : { etcd }),
      ...(off.includes(number) ? { ready: SILENT } : {}),
    });
  const learner = { status: 'False', reason: 'MemberIsLearner' };
  const hasNode = (number: number): boolean =>
    cluster.servers.find((server) => server.id === `s${number}`)?.config['disable-agent'] !== true;
  const items = [
    ...voters.filter(hasNode).map((number) => node(number, VOTER)),
    ...learners.map((number) => node(number, learner)),
    ...others.map((number) => node(number)),
  ];
  const members = [...voters, ...learners].map((number) => ({
    id: number,
    name: `s${number}`,
    learner: learners.includes(number),
  }));
  const dead = [...off, ...justOff].map((number) => `s${number}`);
  const hosts = scriptedHosts((host, script) => {
    const withoutApi = cluster.servers.find((server) => server.id === host)?.config['disable-apiserver'] === true;
    if (dead.includes(host)) return { exitCode: 1, stderr: 'connection refused' };
    if (script === 'etcd-members')
      return way === 'api' ? { exitCode: 3 } : { stdout: etcdText(members, Number(host.slice(1))) };
    if (withoutApi) return { exitCode: 1, stderr: 'apiserver disabled' };
    return script === 'nodes' ? { stdout: nodesText(...items) } : {};
  });
  const clock = { now: () => NOW, sleep: async () => undefined };
  const facts = new Map(cluster.servers.map((server) => [server.id, { ...freshHost(server.id), etcdData: true }]));
  const at = stepContext({ cluster, hosts, on: id, clock, facts });
  const refused = (await apiAnswers.check(at.node(id), at)) ?? (await quorum.check(at.node(id), at));
  return { refused, asked: hosts.asked() };
}

describe.each<Way>(['etcd', 'api'])('whether a server may be stopped, asked by %s', (way) => {
  it('three voters can spare one, and not the second one', async () => {
    const cluster = clusterOf({}, {}, {});
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3] })).refused).toBeUndefined();
    const { refused } = await guard(way, cluster, 's1', { voters: [1, 2, 3], off: [3] });
    expect(refused?.message).toBe('s1 is not stopped: the cluster would lose its etcd quorum');
    expect(refused?.why).toContain(
      'etcd has 3 voting members and needs 2; 1 of them would be left without s1; s3 does not answer',
    );
    expect((await guard(way, cluster, 's3', { voters: [1, 2, 3], off: [3] })).refused).toBeUndefined();
  });

  it('a machine that went off a moment ago does not count, although the API still calls it Ready', async () => {
    expect((await guard(way, clusterOf({}, {}, {}), 's1', { voters: [1, 2, 3], justOff: [2] })).refused?.why).toContain(
      's2 does not answer',
    );
  });

  it('B1: a server with disable-etcd is no voter and stops nobody from being restarted', async () => {
    const cluster = clusterOf({}, {}, {}, NO_ETCD);
    for (const id of ['s1', 's2', 's3', 's4'])
      expect((await guard(way, cluster, id, { voters: [1, 2, 3], others: [4] })).refused, id).toBeUndefined();
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3], others: [4], off: [4] })).refused).toBeUndefined();
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3], others: [4], off: [2] })).refused?.code).toBe(
      'restart-would-break-cluster',
    );
  });

  it('B1: servers with etcd alone are not asked for an API, and count as voters', async () => {
    const cluster = clusterOf(ETCD_ONLY, ETCD_ONLY, ETCD_ONLY, NO_ETCD, NO_ETCD);
    for (const id of ['s1', 's3', 's4', 's5']) {
      const { refused, asked } = await guard(way, cluster, id, { voters: [1, 2, 3], others: [4, 5] });
      expect(refused, id).toBeUndefined();
      expect(asked.filter((call) => /^(?:readyz|nodes) s[123]$/.test(call))).toEqual([]);
    }
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3], others: [4, 5], off: [3] })).refused?.why).toContain(
      way === 'etcd' ? 's3 does not answer: connection refused' : 's3 is unreachable',
    );
    expect(
      (await guard(way, cluster, 's4', { voters: [1, 2, 3], others: [4, 5], off: [5] })).refused?.message,
    ).toContain('would lose its API');
  });

  it('B1: the only server with an API may be restarted', async () => {
    const cluster = clusterOf(ETCD_ONLY, ETCD_ONLY, ETCD_ONLY, NO_ETCD);
    expect((await guard(way, cluster, 's4', { voters: [1, 2, 3], others: [4] })).refused).toBeUndefined();
    expect((await guard(way, cluster, 's4', { voters: [1, 2, 3], others: [4], justOff: [4] })).refused).toBeUndefined();
  });

  it('H1: members that the file does not name vote, and the stale ones have to be removed first', async () => {
    const cluster = clusterOf({}, {}, {});
    const { refused } = await guard(way, cluster, 's1', { voters: [1, 2, 3, 4, 5], off: [4, 5] });
    expect(refused?.why).toContain(
      'etcd has 5 voting members and needs 3; 2 of them would be left without s1; s4, which is not in the file, is unreachable',
    );
    expect(refused?.nextSteps.slice(0, 2).map((step) => /kubectl delete node [^"]+/.exec(step)?.[0])).toEqual([
      'kubectl delete node s4',
      'kubectl delete node s5',
    ]);
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3, 4, 5] })).refused).toBeUndefined();
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3, 4], off: [4] })).refused?.why).toContain(
      '4 voting members and needs 3',
    );
  });

  it('H1: a file with one server does not make it the only voter', async () => {
    const cluster = clusterOf({});
    expect((await guard(way, cluster, 's1', { voters: [1] })).refused).toBeUndefined();
    expect((await guard(way, cluster, 's1', { voters: [1], justOff: [1] })).refused).toBeUndefined();
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3], off: [3] })).refused?.why).toContain(
      's3, which is not in the file',
    );
  });

  it('H1: of two voters none can be spared; a learner has no vote to give', async () => {
    expect((await guard(way, clusterOf({}, {}), 's1', { voters: [1, 2] })).refused?.nextSteps).toEqual([
      expect.stringContaining('Add a server that votes first'),
    ]);
    expect((await guard(way, clusterOf({}, {}, {}), 's1', { voters: [1, 2], learners: [3] })).refused?.why).toContain(
      '2 voting members',
    );
    expect((await guard(way, clusterOf({}, {}, {}), 's3', { voters: [1, 2], learners: [3] })).refused).toBeUndefined();
  });

  it('a server without agent has no Node and votes by the file', async () => {
    const cluster = clusterOf({}, {}, { 'disable-agent': true });
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3] })).refused).toBeUndefined();
    expect((await guard(way, cluster, 's1', { voters: [1, 2, 3], justOff: [3] })).refused?.why).toContain(
      's3 does not answer',
    );
  });
});

describe('before there is etcd', () => {
  const cluster = clusterOf({}, {}, {});
  const check = (withEtcd: readonly string[]) => {
    const facts = new Map(
      cluster.servers.map(({ id }) => [id, { ...freshHost(id), etcdData: withEtcd.includes(id) }] as const),
    );
    const hosts = scriptedHosts(() => 'cut off');
    const at = stepContext({ cluster, hosts, on: 's1', facts });
    return quorum.check(at.node('s1'), at);
  };

  it('nothing can lose its majority: a server that turns its SQLite into etcd may be restarted', async () => {
    expect(await check([])).toBeUndefined();
  });

  it('is over with the first member: a new server without data changes nothing about that', async () => {
    expect((await check(['s1', 's2']))?.message).toBe('s1 is not stopped: the cluster would lose its etcd quorum');
  });
});
