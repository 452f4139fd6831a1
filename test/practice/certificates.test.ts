import { describe, expect, it } from 'vitest';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import { certificateDates } from '../../src/core/remote/certificateDates';
import { firstToEnd } from '../../src/core/k3s/certificates';
import { nodesOf } from '../../src/core/cluster/roles';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import { target } from '../../src/engine/hosts/targets';
import type { Wanted } from '../../src/engine/operations/operation';
import { operationById } from '../../src/engine/operations/registry';
import { quietLog } from '../support/quietLog';
import { engineLab, stepIds, type EngineLab } from './engineLab';

const DAY = 86_400_000;
const ALL = ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'];
const renewal = (): Wanted => ({ operation: operationById('renew-certificates'), intent: { nodes: [] } });
const renewals = (ids: readonly string[]): string[] => ids.filter((id) => id.startsWith('renew-certificates:'));

/** A cluster that runs, and whose certificates end in so many days. */
async function running(days: number): Promise<EngineLab> {
  const lab = await engineLab();
  const report = await lab.run(await lab.plan());
  expect(report.problems).toEqual([]);
  await lab.fleet.ageCertificates(days * DAY);
  return lab;
}

/** In how many days the first certificate of each machine ends. */
async function daysLeft({ cluster, hosts }: EngineLab): Promise<Record<string, number>> {
  const found = await Promise.all(
    nodesOf(cluster).map(async (node) => {
      const read = await hosts.run(target(node), certificateDates('/var/lib/rancher/k3s'));
      if (read.kind !== 'done') throw new Error(`${node.id}: ${read.problem.message}`);
      return [node.id, Math.round(((firstToEnd(read.value)?.ends ?? 0) - Date.now()) / DAY)] as const;
    }),
  );
  return Object.fromEntries(found);
}

const every = (days: number): Record<string, number> => Object.fromEntries(ALL.map((id) => [id, days]));

describe('renewing certificates on the practice fleet', () => {
  it('N24: a run that was cut off is finished by the same command, and every machine has new files', async () => {
    const lab = await running(20);
    expect(await daysLeft(lab)).toEqual(every(20));
    const prepared = await lab.plan(renewal());
    expect(prepared.plan.problems).toEqual([]);
    expect(renewals(stepIds(prepared))).toEqual(ALL.map((id) => `renew-certificates:${id}`));
    const cancel = new AbortController();
    const cut = await lab.run(
      prepared,
      (event) => {
        if (event.type === 'step' && event.step === 'renew-certificates:server-1' && event.state === 'done')
          cancel.abort();
      },
      cancel.signal,
    );
    expect(cut.result).toBe('cancelled');
    expect(await daysLeft(lab)).toEqual({ ...every(20), 'server-1': 365 });
    const rest = await lab.plan(renewal());
    expect(renewals(stepIds(rest))).toEqual(ALL.slice(1).map((id) => `renew-certificates:${id}`));
    expect((await lab.run(rest)).problems).toEqual([]);
    expect(await daysLeft(lab)).toEqual(every(365));
  });

  it('brings a cluster back whose certificates have ended, and its kubeconfig works again', async () => {
    const lab = await running(-3);
    const api = createClusterApi({ log: quietLog });
    const before = await fetchKubeconfig(lab.cluster, lab.hosts, api);
    expect(before.ok).toBe(false);
    const prepared = await lab.plan(renewal());
    expect(prepared.plan.problems).toEqual([]);
    expect(prepared.plan.notes.join('\n')).toContain('have ended and no API answers');
    const report = await lab.run(prepared);
    expect(report.problems).toEqual([]);
    expect(report.result).toBe('done');
    expect(await daysLeft(lab)).toEqual(every(365));
    expect(await fetchKubeconfig(lab.cluster, lab.hosts, api)).toMatchObject({ ok: true });
  });
});
