import { describe, expect, it } from 'vitest';
import type { RunEvent, RunReport } from '../../src/core/plan/events';
import { operationById } from '../../src/engine/operations/registry';
import type { PreparedPlan } from '../../src/engine/run/prepare';
import { engineLab, type EngineLab } from './engineLab';

const FOLDER = '/var/lib/rancher/k3s/server/db/snapshots';

const wanted = (id: string, intent: object) => ({ operation: operationById(id), intent });

/** Plans and carries out; a plan with problems fails the test. */
async function carryOut(
  lab: EngineLab,
  id: string,
  intent: object,
  onEvent?: (event: RunEvent) => void,
): Promise<RunReport & { readonly prepared: PreparedPlan }> {
  const prepared = await lab.plan(wanted(id, intent));
  expect(prepared.plan.problems).toEqual([]);
  return { ...(await lab.run(prepared, onEvent)), prepared };
}

/** A cluster that runs, with a snapshot on server-1 that was saved before agent-1 got its label. */
async function savedCluster(): Promise<{ readonly lab: EngineLab; readonly snapshot: string }> {
  const lab = await engineLab();
  expect((await lab.run(await lab.plan())).result).toBe('done');
  expect((await carryOut(lab, 'save-snapshot', { name: 'before', on: 'server-1' })).result).toBe('done');
  const [path = ''] = lab.fleet.inspect('server-1').below(FOLDER);
  return { lab, snapshot: path.slice(FOLDER.length + 1) };
}

describe('a snapshot on practice hosts', () => {
  it('is restored on all servers: proved, stopped, put aside, reset, joined one after another, proved', async () => {
    const { lab, snapshot } = await savedCluster();
    expect((await carryOut(lab, 'save-snapshot', { name: 'own', on: 'server-2' })).result).toBe('done');
    const own = lab.fleet.inspect('server-2').below(FOLDER);
    const report = await carryOut(lab, 'restore', { snapshot });
    expect(report).toMatchObject({ result: 'done', problems: [] });
    expect(lab.fleet.inspect('server-2').below(FOLDER)).toEqual(own);
    expect(
      lab.fleet
        .inspect('server-2')
        .below('/var/lib/rancher/k3s/server')
        .some((path) => path.includes('db-before-restore-')),
    ).toBe(true);
    expect((await lab.plan()).plan).toMatchObject({ steps: [], problems: [] });
  }, 60_000);
});
