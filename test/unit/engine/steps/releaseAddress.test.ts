import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { releaseAddress } from '../../../../src/engine/steps/releaseAddress';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = releaseAddress.step(server, { address: '10.0.0.100' }, 'nothing is to keep it');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step release-address', () => {
  it('takes the address off, and says that it was there', async () => {
    const { outcome, told, calls } = await play({ answer: () => ({ stdout: 'released\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['10.0.0.100 was here and is gone']);
    expect(calls[0]).toMatchObject({ host: 'server-2', script: 'release-address', args: ['10.0.0.100', '32', '10'] });
  });

  it('is done where the address is not', async () => {
    const { outcome, told } = await play({ answer: () => ({ stdout: 'absent\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([]);
  });

  it('leaves an address of the machine itself, and names the interface', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'eth0 24\n', exitCode: 3 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'address-is-own', host: 'server-2', why: expect.stringMatching(/^eth0 has it/) },
    });
  });

  it('fails when the address comes back', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'eth0 32\n', exitCode: 4 }) });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'address-stays', host: 'server-2' } });
  });

  it('does not know where the address is when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'release-address' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
