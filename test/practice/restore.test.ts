import { describe, expect, it } from 'vitest';
import type { RunEvent, RunReport } from '../../src/core/plan/events';
import { RESTORE_FOLDER } from '../../src/core/k3s/paths';
import { etcdMembers } from '../../src/core/remote/etcd';
import { target } from '../../src/engine/hosts/targets';
import { operationById } from '../../src/engine/operations/registry';
import type { PreparedPlan } from '../../src/engine/run/prepare';
import { nodeLabels } from './apiObjects';
import { engineLab, type EngineLab, type Operating } from './engineLab';

const FOLDER = '/var/lib/rancher/k3s/server/db/snapshots';
const SERVERS = ['server-1', 'server-2', 'server-3'] as const;

const wanted = (id: string, intent: object) => ({ operation: operationById(id), intent });

/** Plans and carries out; a plan with problems fails the test. */
async function carryOut(
  lab: Operating,
  id: string,
  intent: object,
  onEvent?: (event: RunEvent, prepared: PreparedPlan) => void,
): Promise<RunReport> {
  const prepared = await lab.plan(wanted(id, intent));
  expect(prepared.plan.problems).toEqual([]);
  return lab.run(prepared, (event) => onEvent?.(event, prepared));
}

interface Saved {
  readonly lab: EngineLab;
  readonly snapshot: string;
  readonly path: string;
}

/** A cluster that runs, with a snapshot on server-1 that was saved before `late` and after `early` were written. */
async function savedCluster(): Promise<Saved> {
  const lab = await engineLab();
  expect((await lab.run(await lab.plan())).result).toBe('done');
  await nodeLabels(lab.fleet, 'server-1', 'agent-1', { early: 'yes' });
  expect((await carryOut(lab, 'save-snapshot', { name: 'before', on: 'server-1' })).result).toBe('done');
  await nodeLabels(lab.fleet, 'server-1', 'agent-1', { late: 'yes' });
  const [path = ''] = lab.fleet.inspect('server-1').below(FOLDER);
  return { lab, path, snapshot: path.slice(FOLDER.length + 1) };
}

/** The cluster is that of the snapshot, whole, by every server's own word. */
async function expectRestored({ fleet, cluster, hosts, plan }: EngineLab): Promise<void> {
  for (const id of SERVERS) {
    const { early, late } = await nodeLabels(fleet, id, 'agent-1');
    expect([id, early, late]).toEqual([id, 'yes', undefined]);
    const server = cluster.servers.find((one) => one.id === id);
    const etcd =
      server === undefined ? undefined : await hosts.run(target(server), etcdMembers('/var/lib/rancher/k3s'));
    expect(
      etcd?.kind === 'done' && etcd.value.members.map(({ nodeName, learner }) => [nodeName, learner]).sort(),
    ).toEqual(SERVERS.map((name) => [name, false]));
    expect(fleet.inspect(id).below(RESTORE_FOLDER)).toEqual([]);
  }
  expect((await plan()).plan).toMatchObject({ steps: [], problems: [] });
}

/** What must not have happened yet. */
function expectUntouched({ fleet }: EngineLab): void {
  for (const id of SERVERS) {
    expect(fleet.inspect(id).unit('k3s').active).toBe('active');
    expect(fleet.inspect(id).below(RESTORE_FOLDER)).toEqual([]);
  }
}

describe('a restore on practice hosts', () => {
  it('brings the objects of then back on three servers, and each server its own snapshots', async () => {
    const { lab, snapshot } = await savedCluster();
    expect((await carryOut(lab, 'save-snapshot', { name: 'own', on: 'server-2' })).result).toBe('done');
    const own = lab.fleet.inspect('server-2').below(FOLDER);
    const states: string[] = [];
    const report = await carryOut(lab, 'restore', { snapshot }, (event) => {
      if (event.type === 'step' && event.state === 'done') states.push(event.step);
    });
    expect(report).toMatchObject({ result: 'done', problems: [] });
    await expectRestored(lab);
    expect(lab.fleet.inspect('server-2').below(FOLDER)).toEqual(own);
    const left = lab.fleet.inspect('server-2').below('/var/lib/rancher/k3s/server');
    expect(left.some((path) => path.includes('/db-before-restore-'))).toBe(true);
    expect(states.indexOf('prove-restore:server-1')).toBeGreaterThan(states.indexOf('start:server-3'));
    // The lease of the run that saved the snapshot came back with it, and is nobody's any more.
    const bob = lab.as({ name: 'bob@desk', process: 7, isRunning: () => true });
    expect((await carryOut(bob, 'restart', { nodes: ['agent-1'] })).problems).toEqual([]);
  }, 120_000);

  it.each([
    ['an empty one', 0, 'It is empty'],
    ['one that was cut in the middle', 4096, 'It has 4096 bytes'],
  ])(
    'N21: of %s is refused before anything stops',
    async (_, size, why) => {
      const { lab, snapshot, path } = await savedCluster();
      const prepared = await lab.plan(wanted('restore', { snapshot }));
      const host = lab.fleet.inspect('server-1');
      host.writeBytes(path, host.bytes(path).subarray(0, size));
      const report = await lab.run(prepared);
      expect(report.problems[0]).toMatchObject({
        code: 'snapshot-unusable',
        why: expect.stringContaining(why) as string,
      });
      expectUntouched(lab);
      expect((await nodeLabels(lab.fleet, 'server-1', 'agent-1'))['late']).toBe('yes');
    },
    60_000,
  );

  it('N23: of a snapshot of another token is refused before anything stops, with what to do', async () => {
    const { lab } = await savedCluster();
    const other = await savedCluster();
    const { snapshot, path } = other;
    // The same file on a machine of another cluster, whose token is another one.
    const image = other.lab.fleet.inspect('server-1').bytes(path);
    lab.fleet.inspect('server-1').writeBytes(`${FOLDER}/${snapshot}`, image);
    const prepared = await lab.plan(wanted('restore', { snapshot }));
    const report = await lab.run(prepared);
    expect(report.problems[0]).toMatchObject({
      code: 'snapshot-unusable',
      why: expect.stringContaining('another token') as string,
    });
    expectUntouched(lab);
  }, 60_000);

  it('N21: reads the file from disk where S3 is configured', async () => {
    const { lab, snapshot } = await savedCluster();
    const servers = lab.cluster.servers.map((one) => ({ ...one, config: { ...one.config, 'etcd-s3': true } }));
    lab.cluster = { ...lab.cluster, servers };
    const { plan } = await lab.plan(wanted('restore', { snapshot }));
    expect(plan.notes.join('\n')).toContain('S3 is configured; the restore is told to read this file from disk');
  }, 60_000);

  it('N22: without a majority goes by what a survivor has', async () => {
    const { lab } = await savedCluster();
    await lab.fleet.powerOff('server-2');
    await lab.fleet.powerOff('server-3');
    const silent = await lab.plan(wanted('restore', { survivor: true, from: 'server-1' }));
    expect(silent.plan.problems.map(({ code, host }) => [code, host])).toEqual([
      ['server-not-proved-stopped', 'server-2'],
      ['server-not-proved-stopped', 'server-3'],
    ]);
    const report = await carryOut(lab, 'restore', {
      survivor: true,
      from: 'server-1',
      gone: ['server-2', 'server-3'],
    });
    expect(report).toMatchObject({ problems: [], result: 'done' });
    const { early, late } = await nodeLabels(lab.fleet, 'server-1', 'agent-1');
    expect([early, late]).toEqual(['yes', 'yes']);
  }, 120_000);
});

const FAULTS = ['connection lost', 'process killed', 'host rebooted'] as const;
type Fault = (typeof FAULTS)[number];

/** `FAULT_MATRIX=all` meets every fault at every boundary; without it each boundary meets one of them, in turn. `RESTORE_ROUNDS=100` is told as 100 of 100. */
const BOUNDARIES = 15;
const ALL = process.env['FAULT_MATRIX'] === 'all';
const ROUNDS = Number(process.env['RESTORE_ROUNDS'] ?? (ALL ? BOUNDARIES * FAULTS.length : BOUNDARIES));
const CASES = Array.from({ length: ROUNDS }, (_, round) => ({
  round: round + 1,
  boundary: round % BOUNDARIES,
  // Another fault at the same boundary in each turn.
  fault: FAULTS[(round + Math.floor(round / BOUNDARIES)) % FAULTS.length] as Fault,
}));

async function strike({ fleet }: EngineLab, operating: Operating, fault: Fault, host: string): Promise<void> {
  if (fault === 'connection lost') fleet.dropConnections(host);
  if (fault === 'process killed') return operating.hosts.dispose();
  if (fault !== 'host rebooted') return;
  await fleet.powerOff(host);
  await fleet.powerOn(host);
}

describe('whatever happens while a cluster is restored', () => {
  it.each(CASES)(
    '$round: step $boundary, $fault: the same command again ends with the objects of then',
    async ({ boundary, fault }) => {
      const { lab, snapshot } = await savedCluster();
      const operating = lab.as({ name: 'ada@laptop', process: 100 + boundary, isRunning: () => false });
      let over: Promise<void> | undefined;
      const dead = new AbortController();
      const prepared = await operating.plan(wanted('restore', { snapshot }));
      expect(prepared.plan.problems).toEqual([]);
      const struck = (event: RunEvent): void => {
        const at = prepared.plan.steps[boundary];
        if (event.type !== 'step' || event.step !== at?.id || event.state !== 'running' || over !== undefined) return;
        over = strike(lab, operating, fault, at.on);
        // A process that is gone waits for nothing.
        if (fault === 'process killed') dead.abort();
      };
      await operating.run(prepared, struck, dead.signal);
      expect(over).toBeDefined();
      await over;
      await operating.hosts.dispose();
      // While it is not over, nothing else touches the cluster.
      const begun = SERVERS.some((id) => lab.fleet.inspect(id).below(RESTORE_FOLDER).length > 0);
      const codes = (await lab.plan()).plan.problems.map(({ code }) => code);
      if (begun) expect(codes).toContain('restore-unfinished');
      let report = await carryOut(lab, 'restore', { snapshot });
      // A machine that was just coming up is a reason to run it once more, as a person would.
      if (report.result !== 'done') report = await carryOut(lab, 'restore', { snapshot });
      expect(report).toMatchObject({ problems: [], result: 'done' });
      await expectRestored(lab);
    },
    240_000,
  );
});
