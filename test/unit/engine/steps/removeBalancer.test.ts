import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { removeBalancer } from '../../../../src/engine/steps/removeBalancer';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play } from '../../../support/playStep';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const step = removeBalancer.step(server, { units: ['haproxy', 'keepalived'] }, 'the file has no load balancer there');
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

describe('the step remove-balancer', () => {
  it('names what goes', async () => {
    const { outcome, calls } = await play({});
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([{ host: 'server-1', script: 'remove-balancer', args: ['haproxy', 'keepalived'] }]);
    expect(step.says.title).toBe('Stop haproxy and keepalived and uninstall what K3s HA has installed of it');
  });

  it('fails with the words of the host', async () => {
    const { outcome } = await play({
      answer: () => ({ stderr: '10.0.0.100/32 is still on an interface\n', exitCode: 1 }),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'balancer-not-removed', host: 'server-1', why: '10.0.0.100/32 is still on an interface' },
    });
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'remove-balancer' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
