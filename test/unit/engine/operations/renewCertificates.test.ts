import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { planText } from '../../../../src/core/plan/planText';
import { operationById } from '../../../../src/engine/operations/registry';
import type { Wanted } from '../../../../src/engine/operations/operation';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const cluster = clusterOf({ servers: 3, agents: 2 });
const DAY = 86_400_000;

/** Machines whose certificates were made so many days ago. */
function machines(days: number): ScriptedCluster {
  const facts = provisionedFacts(cluster);
  for (const id of facts.keys()) aged(facts, id, days);
  return scriptedCluster(cluster, facts);
}

function aged(facts: Map<string, HostFacts>, id: string, days: number): void {
  const seen = facts.get(id);
  if (seen === undefined) throw new Error(`no ${id}`);
  const written = seen.time * 1000 - days * DAY;
  const paths = ['agent/client-kubelet.crt', ...(id.startsWith('server') ? ['server/tls/client-admin.crt'] : [])];
  facts.set(id, {
    ...seen,
    certificates: paths.map((path) => ({ path, serial: String(written), written, ends: written + 365 * DAY })),
  });
}

const wanted = (...nodes: string[]): Wanted => ({
  operation: operationById('renew-certificates'),
  intent: { nodes },
});
const renewed = (them: ScriptedCluster): string[] =>
  them.changes().flatMap((line) => (line.startsWith('renew-certificates ') ? [line.split(' ')[1] ?? ''] : []));

describe('renewing certificates', () => {
  it('plans one server after another behind its guards, then every agent, and says when they end', async () => {
    const { plan } = await machines(300).plan(cluster, wanted());
    expect(plan.problems).toEqual([]);
    const steps = plan.steps.filter(({ kind }) => kind === 'renew-certificates');
    expect(steps.map(({ about }) => about)).toEqual(['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2']);
    expect(steps.map(({ guards }) => guards.length)).toEqual([2, 2, 2, 0, 0]);
    for (const [i, { after }] of steps.entries()) if (i > 0) expect(after).toContain(steps[i - 1]?.id);
    expect(planText(plan)).toMatch(/because its first certificate lasts until \d{4}-\d\d-\d\d, in 65 days/);
    expect(plan.notes.join('\n')).toContain('Copies of the kubeconfig elsewhere');
  });

  it('N24: renews every machine, agents too, and a look from outside finds nothing left to do', async () => {
    const them = machines(300);
    const report = await them.run(await them.plan(cluster, wanted()));
    expect(report).toMatchObject({ result: 'done', problems: [] });
    expect(renewed(them)).toEqual(['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2']);
  });

  it('looks at what every server shows in the end, those that were not renewed as well', async () => {
    const proofs = async (...nodes: string[]): Promise<unknown[]> =>
      (await machines(300).plan(cluster, wanted(...nodes))).plan.steps
        .filter(({ kind }) => kind === 'prove-served')
        .map(({ on, input }) => [on, (input as { renewed: boolean }).renewed]);
    expect(await proofs('server-2')).toEqual([
      ['server-1', false],
      ['server-2', true],
      ['server-3', false],
    ]);
    expect(await proofs('agent-1')).toEqual([]);
  });

  it('goes on with the same command after it was cut off, with what was not renewed', async () => {
    const them = machines(300);
    const prepared = await them.plan(cluster, wanted());
    them.first = (host, script) => (host === 'server-3' && script === 'renew-certificates' ? 'cut off' : undefined);
    expect(await them.run(prepared)).toMatchObject({ result: 'failed' });
    them.first = () => undefined;
    const again = await them.plan(cluster, wanted());
    expect(again.plan.steps.filter(({ kind }) => kind === 'renew-certificates').map(({ about }) => about)).toEqual([
      'server-3',
      'agent-1',
      'agent-2',
    ]);
    expect(again.plan.notes.join('\n')).toContain(
      'the certificates of server-1 and server-2 were made within the last day',
    );
    expect(await them.run(again)).toMatchObject({ result: 'done' });
    expect(renewed(them)).toEqual(['server-1', 'server-2', 'server-3', 'server-3', 'agent-1', 'agent-2']);
  });

  it('renews a machine that is named however young its certificates are, and all when all are young', async () => {
    const kinds = async (...nodes: string[]): Promise<string[]> =>
      (await machines(0).plan(cluster, wanted(...nodes))).plan.steps
        .filter(({ kind }) => kind === 'renew-certificates')
        .map(({ about }) => about);
    expect(await kinds('agent-2')).toEqual(['agent-2']);
    expect(await kinds()).toHaveLength(5);
  });

  it('does all servers at once and asks nobody when certificates have ended and no API answers', async () => {
    const them = machines(400);
    them.first = (_, script) => {
      const isDark = renewed(them).length < 3;
      return isDark && ['nodes', 'etcd-members', 'readyz'].includes(script)
        ? { exitCode: 1, stderr: 'x509: certificate has expired or is not yet valid' }
        : undefined;
    };
    const prepared = await them.plan(cluster, wanted());
    const servers = prepared.plan.steps.filter(
      ({ on, kind }) => kind === 'renew-certificates' && on.startsWith('server'),
    );
    expect(servers.map(({ after, guards }) => [after, guards])).toEqual([
      [[], []],
      [[], []],
      [[], []],
    ]);
    expect(prepared.plan.notes.join('\n')).toContain('have ended and no API answers');
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    expect(renewed(them)).toHaveLength(5);
  });

  it('asks the others as ever when only one server has ended certificates', async () => {
    const them = machines(10);
    aged(them.facts, 'server-2', 400);
    const { plan } = await them.plan(cluster, wanted('server-2'));
    expect(plan.steps[0]).toMatchObject({ about: 'server-2', guards: ['api-answers', 'quorum'] });
    expect(planText(plan)).toContain('its first certificate has ended since');
  });

  it('says what is left out: machines that are silent, or on which K3s does not run', async () => {
    const them = machines(300);
    const seen = them.facts.get('agent-1');
    if (seen !== undefined) them.facts.set('agent-1', { ...seen, units: {} });
    them.facts.delete('agent-2');
    const { plan } = await them.plan(cluster, wanted());
    expect(plan.problems).toEqual([]);
    expect(plan.notes.join('\n')).toContain('K3s does not run on agent-1');
    expect(plan.notes.join('\n')).toContain('agent-2 could not be looked at');
    expect((await them.plan(cluster, wanted('agent-1'))).plan.problems).toMatchObject([
      { code: 'node-not-running', host: 'agent-1' },
    ]);
  });
});
