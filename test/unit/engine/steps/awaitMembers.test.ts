import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { awaitMembers } from '../../../../src/engine/steps/awaitMembers';
import { clusterOf } from '../../../support/cluster';
import { withOpenrc } from '../../../support/openrc';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Play } from '../../../support/playStep';
import { etcdText, type Answer, type Reply } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 3 });
const [server] = cluster.servers as [ClusterNode];
const step = awaitMembers.step(server, { gone: ['server-3'], members: ['server-1', 'server-2'] }, '');
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

const sees = (host: string, count: number, why?: string, leader?: number): Reply => ({
  stdout: etcdText(
    [1, 2, 3].slice(0, count).map((id) => ({ id, name: `server-${id}` })),
    Number(host.slice(-1)),
    why,
    leader,
  ),
});

/** Both see two members; the second one lags behind for some looks. */
const lagging =
  (looks: number, before: (host: string) => Reply): Answer =>
  (host, _, turn) =>
    host === 'server-2' && turn < looks ? before(host) : sees(host, 2);

describe('the step await-members', () => {
  it('is done when every member that stays names a leader and lists the same', async () => {
    const { outcome, asked } = await play({ answer: lagging(0, () => ({})) });
    expect([outcome, asked]).toEqual([{ kind: 'done' }, ['etcd-members server-1', 'etcd-members server-2']]);
  });

  it.each([
    ['still lists the one that left', (host: string) => sees(host, 3), 'server-2 still lists server-3-0a1b2c3d'],
    ['knows no leader', (host: string) => sees(host, 2, 'RAFT NO LEADER'), 'server-2 knows no leader: RAFT NO LEADER'],
    ['lists others', (host: string) => sees(host, 1), 'server-1 and server-2 list other members'],
    [
      'follows the one that left, which led',
      (host: string) => sees(host, 2, undefined, 3),
      'server-2 follows a leader that is no member any more',
    ],
    [
      'has not noticed an election',
      (host: string) => sees(host, 2, undefined, 2),
      'server-1 and server-2 follow other leaders',
    ],
    ['does not answer', () => ({ exitCode: 255, stderr: 'no' }), 'server-2 does not answer: no'],
  ] as const)('waits while one %s', async (_, before, words) => {
    const { outcome, told } = await play({ answer: lagging(3, before) });
    expect([outcome, told]).toEqual([{ kind: 'done' }, [words]]);
  });

  it('fails when they do not agree in time', async () => {
    const { outcome } = await play({ answer: lagging(Infinity, (host) => sees(host, 3)) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'members-disagree', nextSteps: [expect.stringContaining('Restart no server')] },
    });
  });

  it.each([
    ['journal', provisionedFacts(cluster), '"journalctl -u k3s"'],
    ['log', withOpenrc(provisionedFacts(cluster)), '"tail -n 200 /var/log/k3s.log"'],
    [
      'journal or log',
      withOpenrc(provisionedFacts(cluster), 'server-1'),
      '"tail -n 200 /var/log/k3s.log" or "journalctl -u k3s"',
    ],
  ])('names the %s that the servers have', async (_, facts, words) => {
    const { outcome } = await play({ facts, answer: lagging(Infinity, (host) => sees(host, 3)) });
    expect(outcome).toMatchObject({
      problem: { nextSteps: [expect.stringContaining(`See ${words} on the named server`)] },
    });
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'etcd-members' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
