import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { removeMember } from '../../../../src/engine/steps/removeMember';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play } from '../../../support/playStep';
import { etcdText, httpText, type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 3 });
const [server] = cluster.servers as [ClusterNode];
const step = removeMember.step(server, { node: 'server-3' }, 'it would count for the quorum for ever');
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));

/** etcd with these members, which says this when one is to go. */
const etcd =
  (count: number, removed: readonly [number, string] = [200, '{"members":[]}']): Answer =>
  (_, script) =>
    script === 'etcd-members' ? { stdout: etcdText(MEMBERS.slice(0, count), 1) } : { stdout: httpText({ removed }) };

describe('the step remove-member', () => {
  it('finds the member gone by itself', async () => {
    const { outcome, asked } = await play({ answer: etcd(2) });
    expect([outcome, asked]).toEqual([{ kind: 'done' }, ['etcd-members server-1']]);
  });

  it('takes one out that its Node has left behind', async () => {
    const { outcome, calls, told } = await play({ answer: etcd(3) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls[1]).toMatchObject({ host: 'server-1', script: 'remove-member', args: ['/var/lib/rancher/k3s', '3'] });
    expect(told).toEqual(['taking server-3-0a1b2c3d out, which was left behind']);
  });

  it('does not mind one that leaves at the same moment', async () => {
    const gone = '{"code":5,"message":"etcdserver: member not found"}';
    expect((await play({ answer: etcd(3, [404, gone]) })).outcome).toEqual({ kind: 'done' });
  });

  it('fails with what etcd says', async () => {
    const { outcome } = await play({ answer: etcd(3, [412, '{"message":"etcdserver: unhealthy cluster"}']) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'member-not-removed', host: 'server-1', why: 'etcdserver: unhealthy cluster' },
    });
  });

  it('leaves it to K3s where a host has no curl', async () => {
    const { outcome, told } = await play({ answer: () => ({ exitCode: 3 }) });
    expect([outcome.kind, told.join()]).toEqual(['done', expect.stringContaining('without curl')]);
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'etcd-members' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
