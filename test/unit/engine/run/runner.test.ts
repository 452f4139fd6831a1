import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { Step } from '../../../../src/core/plan/step';
import { restart } from '../../../../src/engine/steps/restart';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';
import { provisionedFacts } from '../../../support/plans';
import { etcdText, type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const facts = provisionedFacts(cluster);
const [server] = cluster.servers as [ClusterNode];
const guarded: Step = restart.step(server, { role: 'server', alone: false }, '', { guards: ['api-answers', 'quorum'] });
const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
const well: Answer = (host, script) =>
  script === 'etcd-members' ? { stdout: etcdText(MEMBERS, Number(host.slice(-1))) } : {};

describe('the guards of a step', () => {
  it('are asked right before it, and the step is run when none refuses', async () => {
    const { outcome, asked } = await playStep({ cluster, facts, step: guarded, answer: well });
    expect(outcome).toEqual({ kind: 'done' });
    const control = asked.indexOf('unit-control server-1');
    expect([...asked.slice(0, control)].sort()).toEqual([
      'etcd-members server-2',
      'etcd-members server-3',
      'readyz server-2',
      'readyz server-3',
    ]);
  });

  it('refuse in their order, and nothing is asked or done any more', async () => {
    const { outcome, asked } = await playStep({
      cluster,
      facts,
      step: guarded,
      answer: (_, script) => (script === 'readyz' ? 'cut off' : {}),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { message: expect.stringContaining('lose its API') as string },
    });
    expect([...asked].sort()).toEqual(['readyz server-2', 'readyz server-3']);
  });

  it('that are cancelled while they ask refuse nothing', async () => {
    const { outcome, asked } = await playStep({ cluster, facts, step: guarded, answer: well, cancelAt: 'readyz' });
    expect(outcome).toEqual({ kind: 'cancelled' });
    expect(asked).not.toContain('unit-control server-1');
  });
});

describe('a step', () => {
  it('of a kind that nobody knows is a mistake of the plan', async () => {
    const unknown: Step = { ...guarded, guards: [], kind: 'dance' };
    await expect(playStep({ cluster, step: unknown })).rejects.toThrow('no step kind dance');
  });

  it('on a machine that nobody knows is a mistake of the plan', async () => {
    await expect(playStep({ cluster, step: { ...guarded, on: 'server-9' } })).rejects.toThrow(
      'unknown machine server-9',
    );
  });
});
