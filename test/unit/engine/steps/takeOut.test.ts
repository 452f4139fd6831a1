import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { takeOut } from '../../../../src/engine/steps/takeOut';
import { balancedCluster, balancedFacts } from '../../../support/balancers';
import { playStep, type Play, type Played } from '../../../support/playStep';

function play(type: 'haproxy' | 'nginx', more: Partial<Play> = {}): Promise<Played> {
  const cluster = balancedCluster({ type });
  const [, server] = cluster.servers as [ClusterNode, ClusterNode];
  const step = takeOut.step(server, { balancers: ['lb-1', 'lb-2'] }, 'nobody is to meet a server that stops');
  return playStep({ cluster, step, facts: balancedFacts(cluster), ...more });
}

describe('the step take-out', () => {
  it('tells every HAProxy to send nobody to the server any more', async () => {
    const { outcome, calls } = await play('haproxy');
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args.slice(0, 2)])).toEqual([
      ['lb-1', 'balancer-server', 'out', 'server-2'],
      ['lb-2', 'balancer-server', 'out', 'server-2'],
    ]);
  });

  it('has every nginx read a configuration in which the server is down, and waits for what it still has there', async () => {
    const { outcome, calls } = await play('nginx');
    expect(outcome).toEqual({ kind: 'done' });
    for (const machine of ['lb-1', 'lb-2'])
      expect(calls.filter(({ host }) => host === machine).map(({ script, args }) => [script, ...args])).toEqual([
        expect.arrayContaining(['balancer-config', 'nginx']),
        ['nginx-drain', '10.0.0.12', '6443', '3'],
      ]);
    expect(calls[0]?.stdin).toContain('server 10.0.0.12:6443 max_fails=1 fail_timeout=5s down;');
    expect(calls[0]?.stdin).toContain('server 10.0.0.11:6443 max_fails=1 fail_timeout=5s;');
  });

  it('leaves a load balancer that is down: nobody comes through it', async () => {
    const { outcome, told } = await play('haproxy', {
      answer: (host) => (host === 'lb-2' ? { stderr: 'HAProxy does not answer at its socket\n', exitCode: 3 } : {}),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['lb-2 is left as it is: HAProxy does not answer at its socket']);
  });

  it('leaves one whose connection breaks to its own check, and says so', async () => {
    const { outcome, told } = await play('haproxy', { answer: (host) => (host === 'lb-1' ? 'cut off' : {}) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['lb-1 is left as it is: The connection to lb-1 was lost']);
  });

  it('is refused for the only server that is up', async () => {
    const { outcome } = await play('haproxy', { answer: () => ({ exitCode: 4 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'balancer-last-server',
        host: 'lb-1',
        message: 'server-2 is not taken out: no other server behind this HAProxy is up',
      },
    });
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play('haproxy', { cancelAt: 'balancer-server' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
