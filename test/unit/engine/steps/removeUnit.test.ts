import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { removeUnit } from '../../../../src/engine/steps/removeUnit';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play } from '../../../support/playStep';

const cluster = clusterOf();
const [agent] = cluster.agents as [ClusterNode];
const step = removeUnit.step(agent, { unit: 'k3s', folder: '/srv/k3s' }, 'both would start');
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

describe('the step remove-unit', () => {
  it('names the unit, and every folder in which its data could be', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'removed\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([
      { host: 'agent-1', script: 'remove-unit', args: ['k3s', '/var/lib/rancher/k3s', '/srv/k3s'] },
    ]);
    expect(step.says.title).toBe('Disable the service k3s and put its files aside');
  });

  it('finds its work already done', async () => {
    expect((await play({ answer: () => ({ stdout: 'absent\n' }) })).outcome).toEqual({ kind: 'done' });
  });

  it('fails with the words of the host', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'Failed to disable unit: busy\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'unit-not-removed', host: 'agent-1', why: 'Failed to disable unit: busy' },
    });
  });

  it('fails with the cure where a server has left its data', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: '/srv/k3s/server/db\n', exitCode: 4 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'unit-holds-data', why: 'There is /srv/k3s/server/db.' },
    });
    expect(outcome.kind === 'failed' && outcome.problem.nextSteps.join()).toContain('save it if anybody needs it');
  });

  it('leaves a unit that has begun to run since the plan', async () => {
    expect((await play({ answer: () => ({ exitCode: 5 }) })).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'unit-runs' },
    });
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'remove-unit' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
