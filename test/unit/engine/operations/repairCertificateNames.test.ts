import { describe, expect, it } from 'vitest';
import { operationById } from '../../../../src/engine/operations/registry';
import type { Wanted } from '../../../../src/engine/operations/operation';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const cluster = clusterOf({ servers: 3, agents: 1, serverConfig: { 'tls-san': ['10.0.0.100', 'api.example'] } });
const wanted: Wanted = { operation: operationById('repair-certificate-names'), intent: {} };
const OWN = [
  'server-1',
  'localhost',
  '127.0.0.1',
  '::1',
  'kubernetes',
  'kubernetes.default.svc.cluster.local',
  '10.43.0.1',
];

function serving(...names: string[]): ScriptedCluster {
  return servingBut([], ...names);
}

/** Some servers are stopped, as a run that was cut off leaves them. */
function servingBut(stopped: readonly string[], ...names: string[]): ScriptedCluster {
  const facts = provisionedFacts(cluster);
  for (const { id } of cluster.servers) {
    const seen = facts.get(id);
    const k3s = seen?.units.k3s;
    if (seen === undefined || k3s === undefined) continue;
    facts.set(
      id,
      stopped.includes(id)
        ? { ...seen, units: { k3s: { ...k3s, active: 'inactive' } } }
        : { ...seen, certificateNames: [...OWN, ...seen.addresses, ...names] },
    );
  }
  return scriptedCluster(cluster, facts);
}

describe('repairing the names of the certificate', () => {
  it('has nothing to do where all wanted names are served and no others', async () => {
    expect((await serving('10.0.0.100', 'API.example').plan(cluster, wanted)).plan).toMatchObject({
      problems: [],
      steps: [],
    });
  });

  it('restarts one server for a name that is missing: the others get it, too', async () => {
    const { plan } = await serving('10.0.0.100').plan(cluster, wanted);
    expect(plan.steps.map(({ kind, on }) => `${kind} ${on}`)).toEqual([
      'restart server-1',
      'await-nodes server-1',
      'prove-tunnels server-1',
      ...cluster.servers.map(({ id }) => `prove-served ${id}`),
    ]);
    expect(plan.steps.at(-1)?.input).toMatchObject({
      has: expect.arrayContaining(['api.example']) as string[],
      lacks: [],
    });
    expect(plan.steps[0]?.says.reason).toBe('the certificate lacks api.example');
  });

  it('goes on where an earlier run was cut off: servers that it stopped are started, with a new certificate if it was all', async () => {
    const kinds = async (stopped: readonly string[], ...names: string[]): Promise<readonly string[]> => {
      const { plan } = await servingBut(stopped, '10.0.0.100', 'api.example', ...names).plan(cluster, wanted);
      expect(plan.problems).toEqual([]);
      expect(plan.notes.join(' ')).toContain(`K3s is stopped on ${stopped[0]}`);
      return plan.steps.map(({ kind, on }) => `${kind} ${on}`);
    };
    const all = cluster.servers.map(({ id }) => id);
    expect((await kinds(all)).slice(0, 3)).toEqual(all.map((id) => `renew-certificates ${id}`));
    const some = await kinds(['server-3'], 'old.example');
    expect(some.slice(0, 2)).toEqual(['start server-3', 'drop-names server-1']);
    expect(some.filter((one) => one.startsWith('stop-server'))).toHaveLength(3);
    expect((await kinds(['server-3']))[0]).toBe('start server-3');
  });

  it('says what dropping a name costs, stops all servers before any is started, and starts them in any case', async () => {
    const { plan } = await serving('10.0.0.100', 'api.example', 'old.example').plan(cluster, wanted);
    const ids = (kind: string): string[] => plan.steps.filter((step) => step.kind === kind).map(({ id }) => id);
    expect(plan.steps[0]).toMatchObject({ kind: 'drop-names', input: { names: ['old.example'] } });
    expect(ids('stop-server')).toHaveLength(3);
    for (const step of plan.steps.filter(({ kind }) => kind === 'renew-certificates'))
      expect(step).toMatchObject({ always: true, after: expect.arrayContaining(ids('stop-server')) as string[] });
    expect(ids('renew-certificates')).toHaveLength(3);
    const proofs = plan.steps.filter(({ kind }) => kind === 'prove-served');
    expect(proofs.map(({ on, input }) => [on, input])).toEqual(
      cluster.servers.map(({ id }) => [id, expect.objectContaining({ lacks: ['old.example'] })]),
    );
    for (const { after } of proofs) expect(after).toEqual(expect.arrayContaining(ids('renew-certificates')));
    expect(plan.notes.join('\n')).toContain('The API is away'.slice(4));
    expect(operationById('repair-certificate-names').asks).toBe('plan-and-name');
  });

  it('hands nothing of a host to a shell that is no name, and needs every server', async () => {
    const strange = serving('10.0.0.100', 'api.example', '$(reboot)', '-o');
    expect((await strange.plan(cluster, wanted)).plan.steps).toEqual([]);
    strange.facts.delete('server-2');
    expect((await strange.plan(cluster, wanted)).plan.problems).toMatchObject([
      { code: 'server-absent', host: 'server-2' },
    ]);
  });
});
