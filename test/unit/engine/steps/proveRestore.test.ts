import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { proveRestore } from '../../../../src/engine/steps/proveRestore';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';
import { etcdText, httpText, type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const [server] = cluster.servers as readonly [ClusterNode];
const BEFORE = Date.parse('2026-11-27T12:00:00Z') / 1000;
const members = cluster.servers.map(({ id }) => id);
const step = proveRestore.step(server, { members, before: BEFORE }, 'Nodes look Ready without being there');
const THREE = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));

const hashText = (hash: number, revision = '1639'): string =>
  httpText({ hash: [200, JSON.stringify({ hash, hash_revision: revision })] });

/** A cluster that is whole and old, but for what the test says. */
const whole =
  (other: Answer = () => undefined as never): Answer =>
  (host, script, turn) => {
    const said = other(host, script, turn) as ReturnType<Answer> | undefined;
    if (said !== undefined) return said;
    if (script === 'etcd-members') return { stdout: etcdText(THREE, 1) };
    if (script === 'etcd-hash') return { stdout: hashText(4711) };
    return { stdout: '2026-11-01T08:00:00Z' };
  };

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, answer: whole(), startTimeoutMs: -1, ...more });
}

describe('the step prove-restore', () => {
  it('is done when etcd has these members, all have the same, and the cluster is older than the snapshot', async () => {
    const { outcome, asked, calls } = await play();
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual([
      'etcd-members server-1',
      'etcd-hash server-1',
      'etcd-hash server-2',
      'etcd-hash server-3',
      'cluster-age server-1',
    ]);
    expect(calls.filter(({ script }) => script === 'etcd-hash').map(({ args }) => args[1])).toEqual([
      '0',
      '1639',
      '1639',
    ]);
  });

  it('judges by the members of etcd: one that is missing, or one too many, is no restored cluster', async () => {
    for (const list of [THREE.slice(0, 2), [...THREE, { id: 4, name: 'stranger' }]]) {
      const { outcome } = await play({
        answer: whole((_, script) =>
          script === 'etcd-members' ? { stdout: etcdText(list, 1) } : (undefined as never),
        ),
      });
      expect(outcome).toMatchObject({
        kind: 'failed',
        problem: { code: 'restore-not-proved', why: expect.stringContaining('voting members instead of 3') as string },
      });
    }
  });

  it('N22: waits until all members have the same, and fails when they never do', async () => {
    let turns = 0;
    const later = whole((host, script) =>
      script === 'etcd-hash' && host === 'server-3' && turns++ === 0 ? { stdout: hashText(1) } : (undefined as never),
    );
    expect(await play({ answer: later, startTimeoutMs: 30_000 })).toMatchObject({
      outcome: { kind: 'done' },
      told: ['server-1 and server-3 have different data at revision 1639'],
    });
    const never = whole((host, script) =>
      script === 'etcd-hash' && host === 'server-3' ? { stdout: hashText(1) } : (undefined as never),
    );
    expect((await play({ answer: never })).outcome).toMatchObject({
      kind: 'failed',
      problem: { why: 'server-1 and server-3 have different data at revision 1639' },
    });
  });

  it('N21: tells a cluster that was restored from nothing, at once', async () => {
    const { outcome } = await play({
      startTimeoutMs: 30_000,
      answer: whole((_, script) =>
        script === 'cluster-age' ? { stdout: '2026-11-27T12:00:07Z' } : (undefined as never),
      ),
    });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'restored-nothing', host: 'server-1' } });
  });

  it.each(['etcd-members', 'etcd-hash', 'cluster-age'])(
    'is unknown when the connection breaks in %s, cancelled when that is wished there',
    async (at) => {
      const broken = whole((_, script) => (script === at ? 'cut off' : (undefined as never)));
      expect((await play({ answer: broken })).outcome.kind).toBe('unknown');
      expect((await play({ cancelAt: at })).outcome).toEqual({ kind: 'cancelled' });
    },
  );
});
