import { describe, expect, it } from 'vitest';
import type { EncryptionFacts } from '../../../../src/core/facts/encryptionFacts';
import { operationById } from '../../../../src/engine/operations/registry';
import type { Wanted } from '../../../../src/engine/operations/operation';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const cluster = clusterOf({ servers: 3, agents: 1 });
const wanted: Wanted = { operation: operationById('rotate-encryption-keys'), intent: {} };
const OLD: EncryptionFacts = { enabled: true, hash: 'a'.repeat(64), written: 1000, stage: 'start' };
const NEW: EncryptionFacts = { enabled: true, hash: 'b'.repeat(64), written: 2000, stage: 'reencrypt_finished' };

function machines(...encryption: readonly (EncryptionFacts | undefined)[]): ScriptedCluster {
  const facts = provisionedFacts(cluster);
  for (const [i, { id }] of cluster.servers.entries()) {
    const seen = facts.get(id);
    const own = encryption[i];
    if (seen !== undefined && own !== undefined) facts.set(id, { ...seen, encryption: own });
  }
  return scriptedCluster(cluster, facts);
}

const steps = async (them: ScriptedCluster): Promise<string[]> =>
  (await them.plan(cluster, wanted)).plan.steps.map(({ kind, on }) => `${kind} ${on}`);

describe('rotating the encryption keys', () => {
  it('saves a snapshot, rotates in a step that is carried through, then restarts one server after another', async () => {
    const { plan } = await machines(OLD, OLD, OLD).plan(cluster, wanted);
    expect(plan.problems).toEqual([]);
    expect(plan.steps.map(({ kind, on }) => `${kind} ${on}`)).toEqual([
      'save-snapshot server-2',
      'rotate-keys server-1',
      'restart server-1',
      'restart server-2',
      'restart server-3',
      'await-nodes server-1',
      'prove-tunnels server-1',
    ]);
    const [, rotate, first, second] = plan.steps;
    expect(rotate?.whole).toBe(true);
    expect(first?.after).toEqual([rotate?.id]);
    expect(second).toMatchObject({
      after: expect.arrayContaining([first?.id]) as string[],
      guards: ['api-answers', 'quorum'],
    });
    expect(plan.notes.join('\n')).toContain('kured');
  });

  it.each([
    ['kured would reboot a server meanwhile', 'workload|kube-system/kured|3||\n'],
    ['a Plan is at work on one', 'plan|os/noble|noble||ubuntu|server-3\n'],
  ])('N26: waits for others: %s', async (_, marks) => {
    const them = machines(OLD, OLD, OLD);
    them.first = (_host, script) => (script === 'cluster-marks' ? { stdout: marks } : undefined);
    const { plan } = await them.plan(cluster, wanted);
    expect(plan.problems.map(({ code }) => code)).toEqual(['other-operator']);
    expect(plan.steps).toEqual([]);
  });

  it('N26: copies the snapshot to this computer before the first key changes, where that is wanted', async () => {
    const keeps: Wanted = { ...wanted, intent: { keep: '/home/ada/backup' } };
    const { plan } = await machines(OLD, OLD, OLD).plan(cluster, keeps);
    expect(plan.steps.slice(0, 3).map(({ kind, on }) => `${kind} ${on}`)).toEqual([
      'save-snapshot server-2',
      'keep-snapshot server-2',
      'rotate-keys server-1',
    ]);
    expect(plan.steps[1]?.input).toEqual({ snapshot: { base: 'before-key-rotation' }, folder: '/home/ada/backup' });
    expect(plan.steps[2]?.after).toEqual([plan.steps[1]?.id]);
    expect(plan.notes.join('\n')).toContain('opens only with the keys of before');
    const rest = await machines(OLD, NEW, OLD).plan(cluster, keeps);
    expect(rest.plan.steps.map(({ kind }) => kind)).not.toContain('keep-snapshot');
    expect(rest.plan.notes.join('\n')).toContain('No snapshot is copied');
  });

  it('finishes a rotation that was cut off by restarts alone, the server with the newest keys first', async () => {
    expect(await steps(machines(OLD, NEW, OLD))).toEqual([
      'restart server-2',
      'restart server-1',
      'restart server-3',
      'await-nodes server-1',
      'prove-tunnels server-1',
    ]);
  });

  it('does nothing while K3s still encrypts, without encryption, or when a server is away', async () => {
    const codes = async (them: ScriptedCluster): Promise<string[]> =>
      (await them.plan(cluster, wanted)).plan.problems.map(({ code }) => code);
    expect(await codes(machines({ ...NEW, stage: 'reencrypt_active' }, OLD, OLD))).toEqual(['rotation-open']);
    expect(await codes(machines(OLD, undefined, OLD))).toEqual(['encryption-off']);
    expect(await codes(machines(OLD, { ...OLD, enabled: false }, OLD))).toEqual(['encryption-off']);
    const them = machines(OLD, OLD, OLD);
    them.facts.delete('server-3');
    expect(await codes(them)).toEqual(['server-absent']);
  });
});
