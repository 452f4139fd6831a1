import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { StepState } from '../../../../src/core/plan/step';
import { putIn } from '../../../../src/engine/steps/putIn';
import { balancedCluster, balancedFacts } from '../../../support/balancers';
import { playStep, type Play, type Played } from '../../../support/playStep';

function play(type: 'haproxy' | 'nginx', restarted: StepState | undefined, more: Partial<Play> = {}): Promise<Played> {
  const cluster = balancedCluster({ type });
  const [server] = cluster.servers as [ClusterNode];
  const step = putIn.step(server, { balancers: ['lb-1', 'lb-2'] }, 'it is ready again', { always: true });
  const states: Readonly<Record<string, StepState>> = restarted === undefined ? {} : { 'restart:server-1': restarted };
  return playStep({ cluster, step, facts: balancedFacts(cluster), states, ...more });
}

const DOWN = { stderr: 'its state is DOWN\n', exitCode: 6 };

describe('the step put-in', () => {
  it('waits until every HAProxy has found the server up', async () => {
    const { outcome, calls } = await play('haproxy', 'done');
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, args }) => [host, ...args])).toEqual([
      ['lb-1', 'in', 'server-1', '30'],
      ['lb-2', 'in', 'server-1', '30'],
    ]);
  });

  it('says which load balancer does not find a server that is ready', async () => {
    const { outcome } = await play('haproxy', 'done', { answer: (host) => (host === 'lb-2' ? DOWN : {}) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'balancer-server-down', host: 'lb-2', why: 'its state is DOWN' },
    });
  });

  it.each<StepState>(['failed', 'skipped', 'cancelled', 'unknown'])(
    'opens the way and does not wait for a server whose restart was %s',
    async (state) => {
      const { outcome, calls } = await play('haproxy', state, { answer: () => DOWN });
      expect(outcome).toEqual({ kind: 'done' });
      expect(calls.map(({ args }) => args)).toEqual([
        ['in', 'server-1', '0'],
        ['in', 'server-1', '0'],
      ]);
    },
  );

  it('gives nginx its whole configuration again', async () => {
    const { outcome, calls } = await play('nginx', 'done');
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ script }) => script)).toEqual(['balancer-config', 'balancer-config']);
    expect(calls[0]?.stdin).not.toContain('down;');
  });
});
