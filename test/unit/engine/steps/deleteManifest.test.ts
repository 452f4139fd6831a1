import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { deleteManifest } from '../../../../src/engine/steps/deleteManifest';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const PATH = '/var/lib/rancher/k3s/server/manifests/kube-vip.yaml';
const cluster = clusterOf();
const [server] = cluster.servers as readonly [ClusterNode];
const step = deleteManifest.step(server, { path: PATH }, 'K3s keeps it');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step delete-manifest', () => {
  it('deletes what K3s made of the manifest', async () => {
    const { outcome, told, calls } = await play({ answer: () => ({ stdout: 'deleted\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([]);
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-1', 'delete-manifest', PATH],
    ]);
  });

  it('is done where the manifest is gone, and leaves what somebody has changed', async () => {
    expect((await play({ answer: () => ({ stdout: 'absent\n' }) })).outcome).toEqual({ kind: 'done' });
    const { outcome, told } = await play({ answer: () => ({ stdout: 'changed\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([`${PATH} was changed meanwhile by somebody else, so what it made stays`]);
  });

  it('fails with what kubectl says', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'error: timed out waiting\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'manifest-not-deleted', host: 'server-1', why: 'error: timed out waiting' },
    });
  });

  it('does not know the outcome when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'delete-manifest' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
