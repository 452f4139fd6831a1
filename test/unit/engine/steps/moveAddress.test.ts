import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { moveAddress } from '../../../../src/engine/steps/moveAddress';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = moveAddress.step(server, { address: '10.0.0.100', port: 6443 }, 'kube-vip outlives it');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step move-address', () => {
  it('is done when another server answers at the address, and says so', async () => {
    const { outcome, told, calls } = await play({ answer: () => ({ stdout: 'moved\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['10.0.0.100 answers from another server']);
    expect(calls.map(({ host, script, args }) => [host, script, ...args.slice(0, 3)])).toEqual([
      ['server-2', 'move-address', '10.0.0.100', '10.0.0.100', '6443'],
    ]);
  });

  it('is done where the address is elsewhere already', async () => {
    const { outcome, told } = await play({ answer: () => ({ stdout: 'elsewhere\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([]);
  });

  it('fails when the address comes back each time, so that the server is not stopped', async () => {
    const { outcome } = await play({ answer: () => ({ exitCode: 4 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'address-stays', host: 'server-2', message: '10.0.0.100 does not leave this server' },
    });
  });

  it('fails when nobody answers there, with what was heard', async () => {
    const heard = 'Unable to connect to the server: dial tcp 10.0.0.100:6443: connect: no route to host\n';
    const { outcome } = await play({ answer: () => ({ stderr: heard, exitCode: 5 }) });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'address-silent', why: heard.trim() } });
  });

  it('does not know where the address is when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'move-address' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
