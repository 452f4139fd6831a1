import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { oweHooks } from '../../../../src/engine/steps/oweHooks';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const owe = oweHooks.step(server, { event: 'node-upgrade', owed: true }, 'a run may be cut off');
const done = oweHooks.step(server, { event: 'node-upgrade', owed: false }, 'all have run');

describe('the step owe-hooks', () => {
  it('leaves a file on the host that is empty when nothing is owed any more', async () => {
    const marks = [await playStep({ cluster, step: owe }), await playStep({ cluster, step: done })];
    expect(marks.map(({ outcome }) => outcome.kind)).toEqual(['done', 'done']);
    expect(marks.flatMap(({ calls }) => calls).map(({ args, stdin }) => [args, stdin])).toEqual([
      [['/var/lib/k3s-ha/hooks/node-upgrade', '0600', '5', ''], 'owed\n'],
      [['/var/lib/k3s-ha/hooks/node-upgrade', '0600', '0', ''], ''],
    ]);
    expect(owe.id).not.toBe(done.id);
  });

  it('fails with the words of the host', async () => {
    const stderr = 'mkdir: cannot create directory: Read-only file system\n';
    const { outcome } = await playStep({ cluster, step: owe, answer: () => ({ stderr, exitCode: 1 }) });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { host: 'server-1', why: stderr.trim() } });
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await playStep({ cluster, step: owe, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step: owe, cancelAt: 'upload-file' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
