import { describe, expect, it } from 'vitest';
import { planText } from '../../../../src/core/plan/planText';
import { operationById } from '../../../../src/engine/operations/registry';
import type { Wanted } from '../../../../src/engine/operations/operation';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const cluster = clusterOf({ servers: 3, agents: 2 });

function machines(): ScriptedCluster {
  return scriptedCluster(cluster, provisionedFacts(cluster));
}

function wanted(...nodes: string[]): Wanted {
  return { operation: operationById('restart'), intent: { nodes } };
}

const restarted = (them: ScriptedCluster): string[] =>
  them.changes().flatMap((line) => (line.startsWith('unit-control ') ? [line.slice('unit-control '.length)] : []));

describe('restarting K3s', () => {
  it('plans one server after another, then the agents, and asks the cluster before each server', async () => {
    const { plan } = await machines().plan(cluster, wanted());
    expect(plan.problems).toEqual([]);
    const restarts = plan.steps.filter(({ kind }) => kind === 'restart');
    expect(restarts.map(({ about }) => about)).toEqual(['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2']);
    for (const [i, { after, role }] of restarts
      .map(({ after, input }) => ({ after, ...(input as { role: string }) }))
      .entries()) {
      expect(after).toEqual(i === 0 ? [] : expect.arrayContaining([restarts[i - 1]?.id]));
      expect(restarts[i]?.guards).toEqual(role === 'server' ? ['api-answers', 'quorum'] : []);
    }
    expect(planText(plan)).toContain('because you asked for it');
  });

  it('restarts the chosen machines once, and nothing else', async () => {
    const them = machines();
    const report = await them.run(await them.plan(cluster, wanted('agent-2', 'server-2')));
    expect(report).toMatchObject({ result: 'done', problems: [] });
    expect(restarted(them)).toEqual(['server-2', 'agent-2']);
  });

  it('goes on after a failure with those that still run as they did', async () => {
    const them = machines();
    const prepared = await them.plan(cluster, wanted());
    them.works = (host) => host !== 'server-2';
    expect(await them.run(prepared)).toMatchObject({ result: 'failed' });
    expect(restarted(them)).toEqual(['server-1', 'server-2']);
    const wish = { operation: prepared.operation, intent: prepared.intent };
    expect((await them.plan(cluster, wish)).plan.problems).toMatchObject([
      { code: 'node-not-running', host: 'server-2' },
    ]);
    const failed = them.facts.get('server-2');
    const { k3s } = failed?.units ?? {};
    if (failed !== undefined && k3s !== undefined)
      them.facts.set('server-2', { ...failed, units: { k3s: { ...k3s, active: 'active' } } });
    const again = await them.plan(cluster, wish);
    const left = again.plan.steps.filter(({ kind }) => kind === 'restart').map(({ about }) => about);
    expect(left).toEqual(['server-3', 'agent-1', 'agent-2']);
  });

  it('refuses a machine that the file does not name, that is silent or that does not run', async () => {
    const them = machines();
    const seen = them.facts.get('agent-1');
    if (seen !== undefined) them.facts.set('agent-1', { ...seen, units: {} });
    const { plan } = await them.plan(cluster, wanted('agent-1', 'agent-9'));
    expect(plan.steps).toEqual([]);
    expect(plan.problems).toMatchObject([
      { code: 'node-not-running', host: 'agent-1', nextSteps: [expect.stringContaining('Provision')] },
      { code: 'node-unknown', nextSteps: [expect.stringContaining('server-1')] },
    ]);
  });
});
