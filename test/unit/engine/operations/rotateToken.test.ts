import { describe, expect, it } from 'vitest';
import { planText } from '../../../../src/core/plan/planText';
import { operationById } from '../../../../src/engine/operations/registry';
import type { Wanted } from '../../../../src/engine/operations/operation';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts, sha256, TOKEN } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const cluster = clusterOf({ servers: 3, agents: 2 });
const OLD = 'the-token-of-before';
const wanted: Wanted = { operation: operationById('rotate-token'), intent: {} };

/** Machines with another token than the file. */
function machines(): ScriptedCluster {
  const facts = provisionedFacts(cluster);
  for (const [id, seen] of facts) {
    const config = seen.config?.replaceAll(TOKEN, OLD) ?? '';
    facts.set(id, { ...seen, config, ...(seen.serverToken ? { tokenSha256: sha256(OLD) } : {}) });
  }
  return scriptedCluster(cluster, facts);
}

describe('rotating the token', () => {
  it('goes through one server, then into every configuration, then restarts one server after another', async () => {
    const { plan } = await machines().plan(cluster, wanted);
    expect(plan.problems).toEqual([]);
    expect(plan.steps[0]).toMatchObject({ id: 'rotate-token:server-1', whole: true });
    const writes = plan.steps.filter(({ kind }) => kind === 'write-config');
    expect(writes.map(({ about, after }) => [about, after])).toEqual(
      ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'].map((id) => [id, ['rotate-token:server-1']]),
    );
    const restarts = plan.steps.filter(({ kind }) => kind === 'restart');
    expect(restarts.map(({ about }) => about)).toEqual(['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2']);
    expect(restarts[0]?.after).toEqual(expect.arrayContaining(writes.map(({ id }) => id)));
    expect(restarts[1]).toMatchObject({ guards: ['api-answers', 'quorum'] });
    const text = planText(plan);
    expect(text).not.toContain(OLD);
    expect(text).not.toContain(TOKEN);
  });

  it('is not cut off in its first step by a cancel, and the same command does the rest', async () => {
    const them = machines();
    const cancel = new AbortController();
    const prepared = await them.plan(cluster, wanted);
    them.first = (_, script) => {
      if (script === 'rotate-token') cancel.abort();
      return undefined;
    };
    const report = await them.run(prepared, { signal: cancel.signal });
    expect(report.states.get('rotate-token:server-1')).toBe('done');
    expect(report.states.get('write-config:server-2')).toBe('cancelled');
    them.first = () => undefined;
    const rest = await them.plan(cluster, wanted);
    expect(rest.plan.steps[0]?.says.title).toBe('See that the cluster has its new token for good');
    expect(await them.run(rest)).toMatchObject({ result: 'done', problems: [] });
    expect((await them.plan(cluster, wanted)).plan.problems).toMatchObject([{ code: 'token-unchanged' }]);
  });

  it('starts a server that an earlier run did not get up again', async () => {
    const them = machines();
    const prepared = await them.plan(cluster, wanted);
    them.works = (host) => host !== 'server-2';
    expect(await them.run(prepared)).toMatchObject({ result: 'failed' });
    them.works = () => true;
    const rest = await them.plan(cluster, wanted);
    expect(rest.plan.problems).toEqual([]);
    expect(await them.run(rest)).toMatchObject({ result: 'done', problems: [] });
  });

  it('refuses what it could not finish: no token, one that decides elsewhere, a server that is away', async () => {
    const them = machines();
    const { token: _, ...without } = cluster;
    expect((await them.plan(without, wanted)).plan.problems).toMatchObject([{ code: 'token-missing' }]);
    const seen = them.facts.get('server-3');
    if (seen !== undefined)
      them.facts.set('server-3', {
        ...seen,
        dropIns: new Map([['/etc/rancher/k3s/config.yaml.d/token.yaml', `token: ${OLD}\n`]]),
      });
    expect((await them.plan(cluster, wanted)).plan.problems).toMatchObject([
      { code: 'token-elsewhere', host: 'server-3', message: expect.stringContaining('token.yaml') as string },
    ]);
    them.facts.delete('server-3');
    expect((await them.plan(cluster, wanted)).plan.problems).toMatchObject([
      { code: 'server-absent', host: 'server-3' },
    ]);
  });
});
