import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { resetCluster } from '../../../../src/engine/steps/resetCluster';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = resetCluster.step(server, { id: '7', path: '/snapshots/x' }, 'the cluster is restored');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step reset-cluster', () => {
  it('makes the server a cluster with the data of the snapshot', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'reset\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-2', 'reset-cluster', '/var/lib/rancher/k3s', '7', '/snapshots/x', '900'],
    ]);
  });

  it('fails with what the host says', async () => {
    const { outcome } = await play({
      answer: () => ({ stderr: 'Error: etcd: snapshot path does not exist: /snapshots/x\n', exitCode: 1 }),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'cluster-not-reset',
        host: 'server-2',
        why: 'Error: etcd: snapshot path does not exist: /snapshots/x',
      },
    });
  });

  it('is done where it was done already', async () => {
    for (const answer of ['first', 'second'])
      expect([answer, (await play({ answer: () => ({ stdout: 'reset\n' }) })).outcome]).toEqual([
        answer,
        { kind: 'done' },
      ]);
  });

  it('does not know the outcome when the connection breaks, and stops waiting when it is cancelled', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ cancelAt: 'reset-cluster' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
