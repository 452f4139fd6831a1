import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { sendSnapshot } from '../../../../src/engine/steps/sendSnapshot';
import { byteSource } from '../../../support/byteSource';
import { clusterOf } from '../../../support/cluster';
import type { Reply } from '../../../support/scriptedHosts';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [server] = cluster.servers as readonly [ClusterNode];
const copy = '/home/ada/backup/before-server-1-1795739771';
const path = '/var/lib/rancher/k3s/server/db/snapshots/before-server-1-1795739771';
const bytes = byteSource(4000);
const step = sendSnapshot.step(server, { copy, path, size: bytes.size, sha256: bytes.sha256 }, 'it is restored');
const absent = { stdout: 'absent\n' };

describe('the step send-snapshot', () => {
  it('puts the copy of this computer where the server keeps snapshots, for root alone', async () => {
    const { outcome, calls } = await playStep({
      cluster,
      step,
      artifacts: { open: async (from) => (from === copy ? ok(bytes) : err(problem('file-missing', from))) },
      answer: (_, script) => (script === 'file-sha256' ? absent : {}),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.find(({ script }) => script === 'upload-file')?.args.slice(0, 4)).toEqual([
      path,
      '0600',
      String(bytes.size),
      bytes.sha256,
    ]);
  });

  it('sends nothing that is there already', async () => {
    const { outcome, asked } = await playStep({
      cluster,
      step,
      answer: () => ({ stdout: `${bytes.sha256} 600\n` }),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['file-sha256 server-1']);
  });

  it('sends nothing of a copy that has changed since the plan was shown, or is gone', async () => {
    const play = (open: () => Promise<ReturnType<typeof ok<typeof bytes>> | ReturnType<typeof err<never>>>) =>
      playStep({ cluster, step, artifacts: { open: open as never }, answer: () => absent });
    const changed = await play(async () => ok({ ...bytes, sha256: 'cd'.repeat(32) }));
    expect(changed.outcome).toMatchObject({ kind: 'failed', problem: { code: 'copy-changed' } });
    const gone = await play(async () => err(problem('file-missing', `${copy} does not exist.`) as never));
    expect(gone.outcome).toMatchObject({ kind: 'failed', problem: { code: 'file-missing' } });
    expect([...changed.asked, ...gone.asked].filter((one) => one.startsWith('upload'))).toEqual([]);
  });

  it('fails with what the host says, is cut off with the connection, and ends as cancelled', async () => {
    const artifacts = { open: async () => ok(bytes) };
    const said = (answer: Reply) =>
      playStep({ cluster, step, artifacts, answer: (_, script) => (script === 'file-sha256' ? absent : answer) });
    const full = await said({ exitCode: 1, stderr: 'No space left on device' });
    expect(full.outcome).toMatchObject({ kind: 'failed', problem: { code: 'write-failed', host: 'server-1' } });
    expect((await said('cut off')).outcome.kind).toBe('unknown');
    const cancelled = await playStep({ cluster, step, artifacts, answer: () => absent, cancelAt: 'upload-file' });
    expect(cancelled.outcome).toEqual({ kind: 'cancelled' });
  });
});
