import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { withdrawRoute } from '../../../../src/engine/steps/withdrawRoute';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = withdrawRoute.step(server, { address: '10.0.0.100' }, 'kube-vip outlives it');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step withdraw-route', () => {
  it('is done when kube-vip stays ended, and says so', async () => {
    const { outcome, told, calls } = await play({ answer: () => ({ stdout: 'withdrawn\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['10.0.0.100 is not announced here any more']);
    expect(calls.map(({ host, script }) => [host, script])).toEqual([['server-2', 'withdraw-route']]);
  });

  it('is done where no kube-vip runs', async () => {
    const { outcome, told } = await play({ answer: () => ({ stdout: 'absent\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([]);
  });

  it('fails when kube-vip runs again each time, so that the server is not stopped', async () => {
    const { outcome } = await play({ answer: () => ({ exitCode: 4 }) });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'route-stays', host: 'server-2' } });
  });

  it('fails with what crictl says', async () => {
    const { outcome } = await play({ answer: () => ({ exitCode: 1, stderr: 'connect: connection refused\n' }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'route-not-withdrawn', why: 'connect: connection refused' },
    });
  });

  it('does not know the outcome when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'withdraw-route' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
