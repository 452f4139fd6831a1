import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/core/plan/events';
import { operationById } from '../../src/engine/operations/registry';
import type { SnapshotSheet } from '../../src/engine/snapshots/copiedSnapshot';
import { engineLab, type EngineLab } from './engineLab';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const reset = (keep: string) => ({ operation: operationById('reset-cluster'), intent: { keep } });

async function running(): Promise<EngineLab> {
  const lab = await engineLab();
  expect((await lab.run(await lab.plan())).problems).toEqual([]);
  return lab;
}

async function carriedOut(lab: EngineLab, wanted: ReturnType<typeof reset>): Promise<RunReport> {
  const prepared = await lab.plan(wanted);
  expect(prepared.plan.problems).toEqual([]);
  return lab.run(prepared);
}

const isThere = ({ fleet }: EngineLab, id: string): boolean => fleet.inspect(id).unit('k3s').active === 'active';

/** The snapshot in a folder of this computer, and what stands beside it. */
function kept(folder: string): { readonly name: string; readonly sum: string; readonly sheet: SnapshotSheet } {
  const [name = '', ...more] = readdirSync(folder).filter((file) => !file.endsWith('.json'));
  expect(more).toEqual([]);
  const bytes = readFileSync(join(folder, name));
  const sheet = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as SnapshotSheet;
  return { name, sum: createHash('sha256').update(bytes).digest('hex'), sheet };
}

describe('a snapshot on this computer before what cannot be undone', () => {
  it('reset: stops nothing when it does not come, and everything when it has come, byte for byte', async () => {
    const lab = await running();
    const folder = join(lab.folder, 'backup');
    // Where the folder is to be there is a file.
    writeFileSync(folder, 'mine');
    const refused = await carriedOut(lab, reset(folder));
    expect(refused.result).toBe('failed');
    expect(refused.problems[0]?.message).toContain(folder);
    expect(SERVERS.map((id) => isThere(lab, id))).toEqual([true, true, true]);

    const good = `${folder}-2`;
    expect((await carriedOut(lab, reset(good))).problems).toEqual([]);
    expect(SERVERS.map((id) => isThere(lab, id))).toEqual([false, false, false]);
    const { name, sum, sheet } = kept(good);
    expect(name).toMatch(/^before-reset-server-\d-\d+$/);
    expect(sheet).toMatchObject({ cluster: lab.cluster.name, snapshot: name, sha256: sum });
    expect(sheet.size).toBe(readFileSync(join(good, name)).length);
    // What is gone needs no copy any more.
    expect((await lab.plan(reset(good))).plan).toMatchObject({ steps: [], problems: [] });
  });

  it('reset: one that was cut off goes on by the same command, with the copy that is here', async () => {
    const lab = await running();
    const folder = join(lab.folder, 'backup');
    const prepared = await lab.plan(reset(folder));
    const cancel = new AbortController();
    let stopped = 0;
    const cut = await lab.run(
      prepared,
      (event) => {
        if (event.type === 'step' && event.step.startsWith('stop-k3s:server') && event.state === 'done') stopped += 1;
        // With a server that runs another snapshot could be saved.
        if (stopped === SERVERS.length) cancel.abort();
      },
      cancel.signal,
    );
    expect(cut.result).toBe('cancelled');
    for (const id of SERVERS)
      await expect.poll(() => lab.fleet.inspect(id).unit('k3s').active).not.toBe('deactivating');
    const before = kept(folder);
    expect((await carriedOut(lab, reset(folder))).problems).toEqual([]);
    expect(SERVERS.map((id) => isThere(lab, id))).toEqual([false, false, false]);
    expect(kept(folder)).toEqual(before);
  });

  it('N26: the snapshot from before is here before Secrets get another key', async () => {
    const lab = await running();
    const keep = join(lab.folder, 'backup');
    const prepared = await lab.plan({ operation: operationById('rotate-encryption-keys'), intent: { keep } });
    let hereAtRotation = false;
    const report = await lab.run(prepared, (event) => {
      if (event.type === 'step' && event.step.startsWith('rotate-keys') && event.state === 'running')
        hereAtRotation = existsSync(keep) && readdirSync(keep).length === 2;
    });
    expect(report.problems).toEqual([]);
    expect(hereAtRotation).toBe(true);
    expect(kept(keep).name).toMatch(/^before-key-rotation-server-/);
  });
});
