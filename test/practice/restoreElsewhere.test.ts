import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloads } from '../../src/adapters/files/downloads';
import type { Cluster } from '../../src/core/cluster/cluster';
import { RESTORE_FOLDER } from '../../src/core/k3s/paths';
import { operationById } from '../../src/engine/operations/registry';
import { copySnapshot } from '../../src/engine/snapshots/copySnapshot';
import { nodeLabels } from './apiObjects';
import { engineLab, type EngineLab } from './engineLab';

const restoring = (intent: object) => ({ operation: operationById('restore'), intent });

interface Lost {
  readonly lab: EngineLab;
  /** The snapshot on this computer. */
  readonly copy: string;
  /** Of the server that is gone. */
  readonly address: string;
}

/** A cluster of server-1 and agent-1, its snapshot on this computer, its machines switched off; the file names three others. */
async function lostCluster(): Promise<Lost> {
  const lab = await engineLab();
  const { cluster } = lab;
  const [server1, server2, server3] = cluster.servers;
  const [agent1, agent2] = cluster.agents;
  if (server1 === undefined || server2 === undefined || server3 === undefined) throw new Error('three servers');
  if (agent1 === undefined || agent2 === undefined) throw new Error('two agents');
  const { loadBalancer: _, ...plain } = cluster;
  lab.cluster = { ...plain, servers: [server1], agents: [agent1] } as Cluster;
  expect((await lab.run(await lab.plan())).problems).toEqual([]);
  await nodeLabels(lab.fleet, 'server-1', 'server-1', { early: 'yes' });
  const saved = await lab.run(
    await lab.plan({ operation: operationById('save-snapshot'), intent: { name: 'before', on: 'server-1' } }),
  );
  expect(saved.problems).toEqual([]);
  const folder = join(lab.folder, 'backup');
  const copied = await copySnapshot(
    lab.cluster,
    { snapshot: { base: 'before' }, place: (name) => join(folder, name) },
    {
      hosts: lab.hosts,
      secrets: { admit: async () => ({ ok: true, value: undefined }) } as never,
      parallel: 4,
      downloads,
    },
  );
  if (!copied.ok) throw new Error(copied.error.message);
  await lab.fleet.powerOff('server-1');
  await lab.fleet.powerOff('agent-1');
  // The new agent has the name of the old one, which the snapshot knows with the password of that machine.
  lab.cluster = {
    ...plain,
    servers: [server2, server3],
    agents: [{ ...agent2, id: 'agent-1', name: 'agent-1' }],
  } as Cluster;
  return { lab, copy: copied.value.path, address: server1.address };
}

const names = ({ fleet }: EngineLab): readonly string[] =>
  fleet
    .nodes()
    .map(({ name }) => name)
    .sort();

describe('a restore on other machines', () => {
  it('N23: makes the first of them the cluster of the copy, and the others join it under names of then', async () => {
    const { lab, copy, address } = await lostCluster();
    const refused = await lab.plan(restoring({ copyPath: copy }));
    expect(refused.plan.problems).toMatchObject([
      {
        code: 'server-not-proved-stopped',
        message: `server-1 (${address}) was a server of the cluster and is not in the file`,
      },
    ]);
    const prepared = await lab.plan(restoring({ copyPath: copy, gone: [address] }));
    expect(prepared.plan.problems).toEqual([]);
    expect((await lab.run(prepared)).problems).toEqual([]);
    expect(names(lab)).toEqual(['server-2']);
    // Everything else of the file is an ordinary provisioning.
    expect((await lab.run(await lab.plan())).problems).toEqual([]);
    expect(names(lab)).toEqual(['agent-1', 'server-2', 'server-3']);
    expect((await lab.plan()).plan).toMatchObject({ steps: [], problems: [] });
  }, 120_000);

  it('N21, N23: begins nothing with a copy that is damaged, of another token, or for another release', async () => {
    const { lab, copy, address } = await lostCluster();
    const gone = [address];
    const codes = async (change: Partial<Cluster>): Promise<readonly string[]> => {
      const file = lab.cluster;
      lab.cluster = { ...file, ...change };
      const { plan } = await lab.plan(restoring({ copyPath: copy, gone }));
      lab.cluster = file;
      expect(plan.steps).toEqual([]);
      return plan.problems.map(({ code }) => code);
    };
    expect(await codes({ token: 'another-token-than-that-of-then' })).toEqual(['copy-other-token']);
    expect(await codes({ k3s: { ...lab.cluster.k3s, version: 'v1.35.5+k3s1' } })).toEqual(['copy-other-release']);
    const bytes = readFileSync(copy);
    writeFileSync(copy, bytes.subarray(0, 4096));
    expect(await codes({})).toEqual(['copy-damaged']);
    // Without what was written down beside it only the server can tell, before anything starts there.
    const sheet = readFileSync(`${copy}.json`);
    writeFileSync(`${copy}.json`, '{}');
    expect(await codes({})).toEqual(['copy-sheet-unreadable']);
    const bare = join(lab.folder, 'backup', 'bare-1795739771');
    writeFileSync(bare, bytes.subarray(0, 4096));
    const report = await lab.run(await lab.plan(restoring({ copyPath: bare })));
    expect(report.problems).toMatchObject([{ code: 'snapshot-unusable' }]);
    expect(lab.fleet.inspect('server-2').unit('k3s').active).toBe('inactive');
    expect(lab.fleet.inspect('server-2').below(RESTORE_FOLDER)).toEqual([]);
    writeFileSync(copy, bytes);
    writeFileSync(`${copy}.json`, sheet);
    expect((await lab.run(await lab.plan(restoring({ copyPath: copy, gone })))).problems).toEqual([]);
  }, 120_000);

  // Written down and not reset, reset and not started, started with the Nodes of then; `FAULT_MATRIX=all` cuts every step off.
  const CUTS = process.env['FAULT_MATRIX'] === 'all' ? Array.from({ length: 11 }, (_, at) => at) : [5, 6, 7];
  it.each(CUTS)(
    'cut off at step %i goes on by the same command, and nothing else touches the machines meanwhile',
    async (at) => {
      const { lab, copy, address } = await lostCluster();
      const wanted = restoring({ copyPath: copy, gone: [address] });
      const operating = lab.as({ name: 'ada@laptop', process: 100 + at, isRunning: () => false });
      const prepared = await operating.plan(wanted);
      const cut = new AbortController();
      await operating.run(
        prepared,
        (event) => {
          const step = prepared.plan.steps[at];
          if (cut.signal.aborted || event.type !== 'step' || event.step !== step?.id || event.state !== 'running')
            return;
          void operating.hosts.dispose();
          cut.abort();
        },
        cut.signal,
      );
      expect(cut.signal.aborted).toBe(true);
      if (lab.fleet.inspect('server-2').below(RESTORE_FOLDER).length > 0)
        expect((await lab.plan()).plan.problems.map(({ code }) => code)).toContain('restore-unfinished');
      await expect
        .poll(() => ['active', 'inactive'].includes(lab.fleet.inspect('server-2').unit('k3s').active))
        .toBe(true);
      const again = await lab.plan(wanted);
      expect(again.plan.problems).toEqual([]);
      expect((await lab.run(again)).problems).toEqual([]);
      expect(names(lab)).toEqual(['server-2']);
      expect(existsSync(copy) && readdirSync(join(lab.folder, 'backup')).length).toBe(2);
    },
    120_000,
  );
});
