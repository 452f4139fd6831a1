import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { endRestore } from '../../../../src/engine/steps/endRestore';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = endRestore.step(server, { id: '7' }, 'the cluster is restored');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step end-restore', () => {
  it('brings the snapshots of the server back', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'ended\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-2', 'end-restore', '/var/lib/rancher/k3s', '7'],
    ]);
  });

  it('tells which data from before are left, and how much', async () => {
    const stdout = 'old=1736 /var/lib/rancher/k3s/server/db-before-restore-7\nended\n';
    expect((await play({ answer: () => ({ stdout }) })).told).toEqual([
      '/var/lib/rancher/k3s/server/db-before-restore-7 has the data from before (1.8 MB); delete it when you are sure',
    ]);
  });

  it('fails with what the host says', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'mv: cannot move\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'restore-not-ended', host: 'server-2', why: 'mv: cannot move' },
    });
  });

  it('is done where it was done already', async () => {
    for (const answer of ['first', 'second'])
      expect([answer, (await play({ answer: () => ({ stdout: 'ended\n' }) })).outcome]).toEqual([
        answer,
        { kind: 'done' },
      ]);
  });

  it('does not know the outcome when the connection breaks, and stops waiting when it is cancelled', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ cancelAt: 'end-restore' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
