import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { proveAddress } from '../../../../src/engine/steps/proveAddress';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const servers = cluster.servers.map(({ id }) => id);
const [server] = cluster.servers as readonly [ClusterNode];
const step = proveAddress.step(server, { address: '10.0.0.100', port: 6443, servers }, 'two of them lose requests');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

const state = (here: boolean, answer = 'ok'): { stdout: string } => ({
  stdout: `interface=${here ? 'eth0' : ''}\nanswer=${answer}\n`,
});

describe('the step prove-address', () => {
  it('is done when one server has the address and all get an answer there', async () => {
    const { outcome, asked } = await play({ answer: (host) => state(host === 'server-2') });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(servers.map((id) => `address-state ${id}`));
  });

  it('waits until somebody has it and answers', async () => {
    const { outcome, told } = await play({
      answer: (host, _, turn) => (turn === 0 ? state(false, 'no route to host') : state(host === 'server-1')),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['No server has 10.0.0.100']);
  });

  it('fails when two servers keep it, and names both', async () => {
    const { outcome } = await play({ answer: (host) => state(host !== 'server-3') });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'address-not-proved', message: 'server-1 and server-2 have 10.0.0.100 at the same time' },
    });
  });

  it('fails when the one that has it does not answer, with what was heard', async () => {
    const { outcome } = await play({ answer: (host) => state(host === 'server-2', 'connection refused') });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        message: 'server-2 has 10.0.0.100, and the API does not answer there from server-1: connection refused',
      },
    });
  });

  it('does not know when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'address-state' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
