import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { proveSnapshot } from '../../../../src/engine/steps/proveSnapshot';
import { imageProof, snapshotImage } from '../../../../src/practice/k3s/snapshotImage';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const TOKEN_HASH = 'b7b9eb167c57';
const IMAGE = snapshotImage(TOKEN_HASH, 'a cluster');
const cluster = clusterOf();
const [server] = cluster.servers as readonly [ClusterNode];
const input = { path: '/snapshots/x', size: IMAGE.length, tokenHash: TOKEN_HASH };
const step = proveSnapshot.step(server, input, 'an empty file makes an empty cluster');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step prove-snapshot', () => {
  it('is done when the cluster can be restored from the file, as often as it is asked, and tells its sha256', async () => {
    for (const _ of ['first', 'again']) {
      const { outcome, told, calls } = await play({ answer: () => ({ stdout: imageProof(IMAGE) }) });
      expect(outcome).toEqual({ kind: 'done' });
      expect(told).toEqual([expect.stringMatching(/^\/snapshots\/x: 0\.0 MB, sha256 [0-9a-f]{64}$/)]);
      expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
        ['server-1', 'prove-snapshot', '/snapshots/x'],
      ]);
    }
  });

  it.each([
    ['empty', Buffer.alloc(0), 'It is empty'],
    ['cut in the middle', IMAGE.subarray(0, 4096), 'It has 4096 bytes, but 8224 when it was listed'],
    ['of another token', snapshotImage('000000000000', 'a cluster'), 'another token than the one of this cluster'],
  ])('N21: refuses one that is %s', async (_, image, why) => {
    const { outcome } = await play({ answer: () => ({ stdout: imageProof(image) }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'snapshot-unusable', host: 'server-1', why: expect.stringContaining(why) as string },
    });
  });

  it('N23: says what to do with a snapshot of another token', async () => {
    const foreign = snapshotImage('000000000000', 'a cluster');
    const { outcome } = await play({ answer: () => ({ stdout: imageProof(foreign) }) });
    expect(outcome).toMatchObject({
      problem: { nextSteps: [expect.any(String), expect.stringContaining('--cluster-reset-restore-path')] },
    });
  });

  it('fails when the file is gone', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: '/snapshots/x does not exist\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'snapshot-unreadable' } });
  });

  it('does not know the outcome when the connection breaks, and stops waiting when it is cancelled', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ cancelAt: 'prove-snapshot' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
