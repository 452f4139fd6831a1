import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { removeFile } from '../../../../src/engine/steps/removeFile';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const path = '/etc/rancher/k3s/audit.yaml';
const step = removeFile.step(server, { path }, 'the cluster file does not have it any more');

describe('the step remove-file', () => {
  it.each(['removed', 'absent'])('is done when the file is %s', async (answer) => {
    const { outcome, calls, told } = await playStep({ cluster, step, answer: () => ({ stdout: `${answer}\n` }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([{ host: 'server-1', script: 'remove-placed', args: [path] }]);
    expect(told).toEqual([]);
  });

  it('says that a file which somebody else has changed stays', async () => {
    const { outcome, told } = await playStep({ cluster, step, answer: () => ({ stdout: 'changed\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([`${path} was changed meanwhile by somebody else, so it stays`]);
  });

  it('fails with the words of the host, or when it does not tell', async () => {
    const stderr = 'rm: cannot remove: Read-only file system\n';
    expect((await playStep({ cluster, step, answer: () => ({ stderr, exitCode: 1 }) })).outcome).toMatchObject({
      kind: 'failed',
      problem: { host: 'server-1', message: `${path} could not be removed`, why: stderr.trim() },
    });
    expect((await playStep({ cluster, step })).outcome.kind).toBe('failed');
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step, cancelAt: 'remove-placed' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
