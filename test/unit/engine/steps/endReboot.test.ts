import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { endReboot } from '../../../../src/engine/steps/endReboot';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const step = endReboot.step(server, {}, 'the same command is to reboot it again');

describe('the step end-reboot', () => {
  it('is done on the machine itself, also when nothing was left', async () => {
    const { outcome, asked } = await playStep({ cluster, step, answer: () => ({}) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['end-reboot server-1']);
  });

  it('fails with the words of the machine', async () => {
    const answer = () => ({ stderr: 'Read-only file system', exitCode: 1 });
    expect((await playStep({ cluster, step, answer })).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'end-reboot-failed', why: 'Read-only file system' },
    });
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step, answer: () => ({}), cancelAt: 'end-reboot' })).outcome).toEqual({
      kind: 'cancelled',
    });
  });
});
