import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { copySurvivor } from '../../../../src/engine/steps/copySurvivor';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = copySurvivor.step(server, { path: '/snapshots/survivor' }, 'the cluster is restored');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step copy-survivor', () => {
  it('copies what the stopped member has', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'copied\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-2', 'copy-survivor', '/var/lib/rancher/k3s', '/snapshots/survivor'],
    ]);
  });

  it('fails with what the host says', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'k3s runs on this server\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'survivor-not-copied', host: 'server-2', why: 'k3s runs on this server' },
    });
  });

  it('is done where it was done already', async () => {
    for (const answer of ['first', 'second'])
      expect([answer, (await play({ answer: () => ({ stdout: 'copied\n' }) })).outcome]).toEqual([
        answer,
        { kind: 'done' },
      ]);
  });

  it('does not know the outcome when the connection breaks, and stops waiting when it is cancelled', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ cancelAt: 'copy-survivor' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
