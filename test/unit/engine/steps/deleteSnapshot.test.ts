import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { deleteSnapshot } from '../../../../src/engine/steps/deleteSnapshot';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = deleteSnapshot.step(server, { name: 'x-h1-1', where: 'disk' }, 'the cluster is restored');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step delete-snapshot', () => {
  it('has K3s delete it from its disk', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: '' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-2', 'delete-snapshot', 'x-h1-1', 'disk'],
    ]);
  });

  it('fails with what the host says', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'Error: etcd datastore disabled\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'snapshot-not-deleted', host: 'server-2', why: 'Error: etcd datastore disabled' },
    });
  });

  it('is done where it was done already', async () => {
    for (const answer of ['first', 'second'])
      expect([answer, (await play({ answer: () => ({ stdout: '' }) })).outcome]).toEqual([answer, { kind: 'done' }]);
  });

  it('does not know the outcome when the connection breaks, and stops waiting when it is cancelled', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ cancelAt: 'delete-snapshot' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
