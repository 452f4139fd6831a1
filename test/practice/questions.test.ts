import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClusterLease, writeClusterLease } from '../../src/core/remote/clusterLease';
import { etcdMembers, type EtcdView } from '../../src/core/remote/etcd';
import { nodeReports } from '../../src/core/remote/nodeReports';
import { serverReady, type ServerReadiness } from '../../src/core/remote/readiness';
import { agentOf, etcdServer, eventually, startLab, type Lab } from './lab';

const SERVERS = ['server-1', 'server-2', 'server-3'];

describe('three servers with embedded etcd, asked on the servers themselves', () => {
  let lab: Lab;
  const etcd = async (id: string): Promise<EtcdView> => {
    const view = await lab.run(id, etcdMembers('/var/lib/rancher/k3s'));
    if (!view.ok) throw new Error(view.error.message);
    return view.value;
  };
  const ready = async (id: string): Promise<ServerReadiness> => {
    const answer = await lab.run(id, serverReady('/var/lib/rancher/k3s', 6443));
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };

  beforeAll(async () => {
    lab = await startLab({ servers: 3, agents: 1 });
    await lab.bring('server-1', 'server', etcdServer());
    const through = lab.address('server-1');
    await Promise.all(SERVERS.slice(1).map((id) => lab.bring(id, 'server', etcdServer(through))));
  });
  afterAll(() => lab.stop());

  it('agree on three voters and one leader', async () => {
    const views = await Promise.all(SERVERS.map(etcd));
    for (const view of views) {
      expect(view.members.map(({ nodeName }) => nodeName).sort()).toEqual(SERVERS);
      expect(view.members.every(({ learner, id }) => !learner && /^\d{10,20}$/.test(id))).toBe(true);
      expect(view).toMatchObject({ healthy: true, ready: true, leader: views[0]?.leader });
    }
    const own = views.map((view) => view.members.find(({ id }) => id === view.self)?.nodeName);
    expect(own).toEqual(SERVERS);
  });

  it('are ready', async () => {
    expect(await Promise.all(SERVERS.map(ready))).toEqual(SERVERS.map(() => ({ ready: true, says: 'ok' })));
  });

  it('have no answer for hosts without etcd and for users who are not root', async () => {
    expect(await lab.run('agent-1', etcdMembers('/var/lib/rancher/k3s'))).toMatchObject({
      ok: false,
      error: { code: 'etcd-not-answering', why: expect.stringContaining('port 2382') },
    });
    expect(await ready('agent-1')).toMatchObject({ ready: false, says: expect.stringContaining('port 6443') });
    const asked = await lab.run('server-1', { ...etcdMembers('/var/lib/rancher/k3s'), sudo: false });
    expect(asked).toMatchObject({ ok: false, error: { why: expect.stringContaining('Permission denied') } });
  });

  it('elect another leader when the leader loses its power, and lose health without a majority', async () => {
    const { leader, members } = await etcd('server-1');
    const gone = members.find(({ id }) => id === leader)?.nodeName ?? '';
    const [other = '', last = ''] = SERVERS.filter((id) => id !== gone);
    await lab.fleet.powerOff(gone);
    await eventually(
      async () => ![leader, undefined].includes((await etcd(other)).leader),
      () => 'no other leader',
    );
    expect((await etcd(other)).members).toHaveLength(3);
    expect(await ready(other)).toEqual({ ready: true, says: 'ok' });
    lab.fleet.partition(other, last);
    expect(await etcd(other)).toMatchObject({ healthy: false, ready: false, why: 'RAFT NO LEADER' });
    expect(await ready(other)).toEqual({
      ready: false,
      says: '[-]etcd failed: reason withheld; [-]etcd-readiness failed: reason withheld',
    });
  });
});

describe('kubelets', () => {
  it('report as long as their machine runs, and are silent from then on', async () => {
    const lab = await startLab({ servers: 1, agents: 1 });
    try {
      await lab.bring('server-1', 'server', etcdServer());
      await lab.bring('agent-1', 'agent', agentOf(lab.address('server-1')));
      const age = async (node: string): Promise<number | undefined> => {
        const reports = await lab.run('server-1', nodeReports());
        if (!reports.ok) throw new Error(`${reports.error.message}: ${reports.error.why}`);
        const last = reports.value.last.get(node);
        return last === undefined ? undefined : reports.value.now - last;
      };
      await expect.poll(() => age('agent-1')).toBeLessThan(10_000);
      await lab.fleet.powerOff('agent-1');
      await expect.poll(() => age('agent-1')).toBeGreaterThan(40_000);
      expect(await age('server-1')).toBeLessThan(10_000);
    } finally {
      await lab.stop();
    }
  });
});

describe('a lease whose sender is cut off', () => {
  it('is not written', async () => {
    const lab = await startLab({ servers: 1 });
    try {
      await lab.bring('server-1', 'server', etcdServer());
      const lease = writeClusterLease({ holder: 'ada', since: 0, renewed: 0, seconds: 90 });
      const half = { ...lease, stdin: String(lease.stdin).slice(0, 40) };
      expect(await lab.run('server-1', half)).toMatchObject({ ok: false, error: { code: 'cluster-lease-failed' } });
      expect(await lab.run('server-1', readClusterLease())).toEqual({ ok: true, value: { now: expect.any(Number) } });
      expect(await lab.run('server-1', lease)).toEqual({ ok: true, value: '1' });
    } finally {
      await lab.stop();
    }
  });
});
