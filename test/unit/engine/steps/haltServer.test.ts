import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { haltServer } from '../../../../src/engine/steps/haltServer';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = haltServer.step(
  server,
  { id: '7', from: 'server-1', snapshot: '/snapshots/x' },
  'the cluster is restored',
);

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step halt-server', () => {
  it('stops K3s, writes down which restore has begun, and believes only what is proved stopped', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'halted\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-2', 'halt-server', '7', 'server-1', '/snapshots/x'],
    ]);
  });

  it('fails with what the host says', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'k3s is active after it was stopped\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'server-not-halted', host: 'server-2', why: 'k3s is active after it was stopped' },
    });
  });

  it('is done where it was done already', async () => {
    for (const answer of ['first', 'second'])
      expect([answer, (await play({ answer: () => ({ stdout: 'halted\n' }) })).outcome]).toEqual([
        answer,
        { kind: 'done' },
      ]);
  });

  it('does not know the outcome when the connection breaks, and stops waiting when it is cancelled', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ cancelAt: 'halt-server' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
