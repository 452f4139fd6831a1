import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { putDataAside } from '../../../../src/engine/steps/putDataAside';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = putDataAside.step(server, { id: '7' }, 'the cluster is restored');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step put-data-aside', () => {
  it('moves the data beside the place where K3s looks', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'aside\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-2', 'put-data-aside', '/var/lib/rancher/k3s', '7'],
    ]);
  });

  it('fails with what the host says', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'k3s is active\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'data-not-aside', host: 'server-2', why: 'k3s is active' },
    });
  });

  it('is done where it was done already', async () => {
    for (const answer of ['first', 'second'])
      expect([answer, (await play({ answer: () => ({ stdout: 'aside\n' }) })).outcome]).toEqual([
        answer,
        { kind: 'done' },
      ]);
  });

  it('does not know the outcome when the connection breaks, and stops waiting when it is cancelled', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ cancelAt: 'put-data-aside' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
