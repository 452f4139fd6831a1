import { describe, expect, it } from 'vitest';
import type { UnitFacts } from '../../../../src/core/facts/k3sFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { planText } from '../../../../src/core/plan/planText';
import { operationById } from '../../../../src/engine/operations/registry';
import type { RebootIntent } from '../../../../src/engine/operations/reboot';
import type { Wanted } from '../../../../src/engine/operations/operation';
import { apiNode } from '../../health/nodes';
import { clusterOf, runningUnit } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';
import { nodesText } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 3, agents: 2 });

function wanted(intent: RebootIntent): Wanted {
  return { operation: operationById('reboot'), intent };
}

/** Machines whose boot id changes when they are told to reboot. */
function machines(): ScriptedCluster {
  const them = scriptedCluster(cluster, provisionedFacts(cluster));
  them.first = (host, script) => {
    const seen = them.facts.get(host);
    if (seen === undefined) return undefined;
    switch (script) {
      case 'pods':
        return { stdout: '---\n{"items":[]}\n' };
      case 'drain':
        return {};
      case 'cordon':
      case 'uncordon':
        return { stdout: 'cordoned\n' };
      case 'reboot':
        them.facts.set(host, { ...seen, rebootFrom: seen.bootId, bootId: `${seen.bootId}+` });
        return { stdout: 'rebooting\n' };
      case 'boot-id':
        return { stdout: `${seen.bootId}\n` };
      case 'end-reboot': {
        const { rebootFrom: _, ...rest } = seen;
        them.facts.set(host, rest);
        return {};
      }
      default:
        return undefined;
    }
  };
  return them;
}

const kinds = (plan: { steps: readonly { kind: string; about: string }[] }, about: string): string[] =>
  plan.steps.filter((step) => step.about === about).map(({ kind }) => kind);

describe('rebooting machines', () => {
  it('drains, guards, reboots and proves one machine before the next', async () => {
    const { plan } = await machines().plan(cluster, wanted({ nodes: ['server-2', 'agent-1'] }));
    expect(plan.problems).toEqual([]);
    expect(kinds(plan, 'server-2')).toEqual(['cordon', 'drain', 'reboot', 'await-settled', 'uncordon', 'end-reboot']);
    expect(plan.steps.find(({ id }) => id === 'reboot:server-2')?.guards).toEqual(['api-answers', 'quorum']);
    expect(plan.steps.find(({ id }) => id === 'reboot:agent-1')?.guards).toEqual([]);
    expect(plan.steps.find(({ id }) => id === 'cordon:agent-1:agent-1')?.after).toContain('end-reboot:server-2');
    expect(plan.steps.find(({ kind }) => kind === 'uncordon')?.always).toBe(true);
  });

  it('N13: takes a second unit away before the reboot that would start it', async () => {
    const them = machines();
    const stray = runningUnit('server').k3s;
    const seen = them.facts.get('agent-1');
    if (seen === undefined || stray === undefined) throw new Error('no facts');
    them.facts.set('agent-1', { ...seen, units: { ...seen.units, k3s: { ...stray, active: 'inactive' } } });
    const { plan } = await them.plan(cluster, wanted({ nodes: ['agent-1'] }));
    expect(plan.problems).toEqual([]);
    expect(kinds(plan, 'agent-1').slice(0, 2)).toEqual(['remove-unit', 'cordon']);
  });

  it('N13: does not reboot a machine with a second unit that only a person may take away', async () => {
    const them = machines();
    const seen = them.facts.get('agent-1');
    if (seen === undefined) throw new Error('no facts');
    const refused = async (more: Partial<HostFacts>): Promise<readonly string[]> => {
      them.facts.set('agent-1', { ...seen, ...more });
      const { plan } = await them.plan(cluster, wanted({ nodes: ['agent-1'] }));
      expect(plan.steps).toEqual([]);
      return plan.problems.map(({ code, host }) => `${code} ${host}`);
    };
    const left = { ...runningUnit('server').k3s, active: 'inactive' } as UnitFacts;
    expect(await refused({ units: { ...seen.units, k3s: left }, serverToken: true })).toEqual(['role-changed agent-1']);
    const old = { name: 'k3s-node', role: 'agent', active: 'inactive', enabled: true } as const;
    expect(await refused({ otherUnits: [old] })).toEqual(['k3s-under-other-name agent-1']);
  });

  it('leaves pods where they are when that is wished', async () => {
    const { plan } = await machines().plan(cluster, wanted({ nodes: ['agent-1'], keepPods: true }));
    expect(kinds(plan, 'agent-1')).toEqual(['reboot', 'await-settled', 'end-reboot']);
  });

  it('reboots the chosen machine once, and nothing is left to do', async () => {
    const them = machines();
    const prepared = await them.plan(cluster, wanted({ nodes: ['server-2'] }));
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    expect(them.facts.get('server-2')?.bootId).toBe('boot-server-2+');
    expect(them.facts.get('server-1')?.bootId).toBe('boot-server-1');
    const again = await them.plan(cluster, { operation: prepared.operation, intent: prepared.intent });
    expect(again.plan.steps).toEqual([]);
  });

  it('finishes what a run that was cut off behind the reboot has left, without another one', async () => {
    const them = machines();
    const seen = them.facts.get('agent-1');
    if (seen === undefined) throw new Error('no facts');
    them.facts.set('agent-1', { ...seen, rebootFrom: 'before' });
    const machinesDo = them.first;
    const cordoned = apiNode({ name: 'agent-1', ip: '10.0.1.11', unschedulable: true }) as {
      metadata: Record<string, unknown>;
    };
    cordoned.metadata['annotations'] = { 'k3s-ha.io/cordoned': 'yes' };
    them.first = (host, script, ...rest) =>
      script === 'nodes'
        ? {
            stdout: nodesText(...['server-1', 'server-2', 'server-3'].map((name) => apiNode({ name })), cordoned),
          }
        : machinesDo(host, script, ...rest);
    const { plan } = await them.plan(cluster, wanted({ nodes: ['agent-1'] }));
    expect(kinds(plan, 'agent-1')).toEqual(['reboot', 'await-settled', 'uncordon', 'end-reboot']);
    expect(planText(plan)).toContain('was rebooted already');
  });

  it('reboots where a mark is old and nothing of that run is left', async () => {
    const them = machines();
    const seen = them.facts.get('agent-1');
    if (seen !== undefined) them.facts.set('agent-1', { ...seen, rebootFrom: 'long ago' });
    const { plan } = await them.plan(cluster, wanted({ nodes: ['agent-1'] }));
    expect(kinds(plan, 'agent-1')[0]).toBe('cordon');
  });

  it('refuses a machine with which K3s does not start, and one that nobody knows', async () => {
    const them = machines();
    const seen = them.facts.get('server-1');
    const k3s = seen?.units.k3s;
    if (seen !== undefined && k3s !== undefined)
      them.facts.set('server-1', { ...seen, units: { k3s: { ...k3s, enabled: false } } });
    expect((await them.plan(cluster, wanted({ nodes: ['server-1'] }))).plan.problems).toMatchObject([
      {
        code: 'k3s-not-enabled',
        host: 'server-1',
        nextSteps: [expect.stringContaining('systemctl enable k3s.service')],
      },
    ]);
    expect((await them.plan(cluster, wanted({ nodes: ['server-9'] }))).plan.problems).toMatchObject([
      { code: 'node-unknown' },
    ]);
  });
});
