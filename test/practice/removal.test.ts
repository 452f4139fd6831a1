import { describe, expect, it } from 'vitest';
import { nodesOf, unitOf } from '../../src/core/cluster/roles';
import { listNodes } from '../../src/core/remote/kubectl';
import { deleteNode } from '../../src/core/remote/deleteNode';
import { etcdMembers } from '../../src/core/remote/etcd';
import { stopK3s } from '../../src/core/remote/stopK3s';
import { uninstallK3s } from '../../src/core/remote/uninstallK3s';
import { controlUnit } from '../../src/core/remote/unit';
import { memberGapNotes } from '../../src/engine/planning/memberGaps';
import { operationById } from '../../src/engine/operations/registry';
import { CONFIG_PATH } from '../../src/core/k3s/paths';
import type { RunReport } from '../../src/core/plan/events';
import { engineLab, stepIds, type EngineLab } from './engineLab';

const removal = (...nodes: string[]) => ({ operation: operationById('remove-node'), intent: { nodes } });

async function provisioned(change?: (text: string) => string): Promise<EngineLab> {
  const them = await engineLab(change);
  expect((await them.run(await them.plan())).problems).toEqual([]);
  return them;
}

async function nodeNames(them: EngineLab, through: string): Promise<string[]> {
  const server = nodesOf(them.cluster).find(({ id }) => id === through);
  if (server === undefined) throw new Error(`no ${through}`);
  const listed = await them.hosts.run(server, listNodes());
  if (listed.kind !== 'done') throw new Error(listed.problem.message);
  return listed.value.map((node) => (node as { metadata: { name: string } }).metadata.name).sort();
}

async function memberNames(them: EngineLab, through: string): Promise<string[]> {
  const server = nodesOf(them.cluster).find(({ id }) => id === through);
  if (server === undefined) throw new Error(`no ${through}`);
  const seen = await them.hosts.run(server, etcdMembers('/var/lib/rancher/k3s'));
  if (seen.kind !== 'done') throw new Error(seen.problem.message);
  return seen.value.members.map(({ nodeName }) => nodeName).sort();
}

function trace(them: EngineLab, id: string): object {
  const seen = them.fleet.inspect(id);
  const node = nodesOf(them.cluster).find((one) => one.id === id);
  return {
    unit: node === undefined ? undefined : seen.unit(unitOf(node)).active,
    program: seen.file('/usr/local/bin/k3s') !== undefined,
    config: seen.file('/etc/rancher/k3s/config.yaml') !== undefined,
    data: seen.file('/var/lib/rancher/k3s/server/db/etcd/name') !== undefined,
  };
}

const GONE = { unit: 'inactive', program: false, config: false, data: false };

const without =
  (name: string) =>
  (text: string): string =>
    text.replace(new RegExp(`\\n {4}- host: [\\d.]+\\n {6}name: ${name}(?:\\n {6}zone: \\S+)?`), '');

/** Five servers that join through the first one, because nothing stands before them. */
const five = (text: string): string =>
  without('agent-2')(text)
    .replace(/loadBalancer:\n(?: {2}.*\n)+/, '')
    .replace(/( {4}- host: 127\.77\.0\.)13\n.*\n.*\n/, (entry, host: string) =>
      [entry, ...['14', '15'].map((last) => `${host}${last}\n      name: server-${last.slice(1)}\n`)].join(''),
    );

async function whole(them: EngineLab, through: string, nodes: readonly string[]): Promise<void> {
  expect(await nodeNames(them, through)).toEqual(nodes);
  expect(await memberNames(them, through)).toEqual(nodes.filter((name) => name.startsWith('server')));
}

/** What the simulated cluster says of cordoned nodes. */
async function cordoned(them: EngineLab, through: string): Promise<string[]> {
  const server = nodesOf(them.cluster).find(({ id }) => id === through);
  if (server === undefined) throw new Error(`no ${through}`);
  const listed = await them.hosts.run(server, listNodes());
  if (listed.kind !== 'done') throw new Error(listed.problem.message);
  return listed.value.flatMap((item) => {
    const { metadata, spec } = item as { metadata: { name: string }; spec: { unschedulable?: boolean } };
    return spec.unschedulable === true ? [metadata.name] : [];
  });
}

describe('removing nodes from a running cluster', () => {
  it('takes an agent out, and leaves nothing of K3s there', async () => {
    const them = await provisioned();
    const prepared = await them.plan(removal('agent-2'));
    expect(prepared.plan.problems).toEqual([]);
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-1', ['agent-1', 'server-1', 'server-2', 'server-3']);
    expect(trace(them, 'agent-2')).toEqual(GONE);
    expect(stepIds(await them.plan(removal('agent-2')))).toEqual([]);
  }, 120_000);

  it('takes a server of three out, refuses the next one, and the machine can come back under its name', async () => {
    const them = await provisioned();
    const prepared = await them.plan(removal('server-3'));
    expect(prepared.plan.problems).toEqual([]);
    expect(prepared.plan.notes.join()).toContain('etcd has 2 members then: none of them may fail.');
    expect(stepIds(prepared)).toEqual([
      'cordon:server-3:server-3',
      'drain:server-3:server-3',
      'stop-k3s:server-3',
      'delete-node:server-1:server-3',
      'remove-member:server-1:server-3',
      'await-members:server-1:server-3',
      'start-again:server-3',
      'uncordon:server-3:server-3',
      'uninstall-k3s:server-3',
    ]);
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-1', ['agent-1', 'agent-2', 'server-1', 'server-2']);
    expect(trace(them, 'server-3')).toEqual(GONE);

    const next = await them.plan(removal('server-2'));
    expect(next.plan.problems).toMatchObject([
      { code: 'removal-would-break-cluster', host: 'server-2', why: expect.stringContaining('2 voting members') },
    ]);
    expect(await them.run(await them.plan())).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-1', ['agent-1', 'agent-2', 'server-1', 'server-2', 'server-3']);
  }, 120_000);

  it('refuses the last server, and a name that the file does not have', async () => {
    const them = await engineLab();
    expect((await them.plan(removal('server-1', 'server-2', 'server-3'))).plan.problems).toMatchObject([
      { code: 'last-of-its-kind', nextSteps: [expect.any(String), expect.stringContaining('Reset Cluster')] },
    ]);
    expect((await them.plan(removal('server-9'))).plan.problems).toMatchObject([{ code: 'node-unknown' }]);
  }, 60_000);

  it('moves those that join through the first server of five before it goes', async () => {
    const them = await provisioned(five);
    const prepared = await them.plan(removal('server-1'));
    expect(prepared.plan.problems).toEqual([]);
    const moved = prepared.plan.steps.filter(({ kind }) => kind === 'restart').map(({ about }) => about);
    // Servers with data of etcd ignore the address that they once joined through.
    expect(moved).toEqual(['agent-1']);
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-2', ['agent-1', 'server-2', 'server-3', 'server-4', 'server-5']);
    const address = nodesOf(them.cluster).find(({ id }) => id === 'server-1')?.address ?? '';
    expect(them.fleet.inspect('agent-1').file(CONFIG_PATH)?.content).not.toContain(`${address}:6443`);
    await them.fleet.restart('server-5');
    await expect.poll(() => them.fleet.inspect('server-5').unit('k3s').active, { timeout: 20_000 }).toBe('active');
    them.cluster = { ...them.cluster, servers: them.cluster.servers.filter(({ id }) => id !== 'server-1') };
    expect(stepIds(await them.plan())).toEqual([]);
  }, 180_000);

  it('goes from five servers to three in single steps', async () => {
    const them = await provisioned(five);
    const prepared = await them.plan(removal('server-5', 'server-4'));
    const order = stepIds(prepared);
    expect(order.indexOf('stop-k3s:server-5')).toBeGreaterThan(order.indexOf('await-members:server-1:server-4'));
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-1', ['agent-1', 'server-1', 'server-2', 'server-3']);
  }, 180_000);

  it('removes a dead server without touching it, once it is certain that it is dead', async () => {
    const them = await provisioned();
    await them.fleet.powerOff('server-2');
    expect((await them.plan(removal('server-2'))).plan.problems).toMatchObject([{ code: 'node-may-run' }]);
    await expect
      .poll(async () => (await them.plan(removal('server-2'))).plan.problems, { timeout: 20_000 })
      .toEqual([]);
    const prepared = await them.plan(removal('server-2'));
    expect(stepIds(prepared)).toEqual([
      'delete-node:server-1:server-2',
      'remove-member:server-1:server-2',
      'await-members:server-1:server-2',
    ]);
    expect(prepared.plan.notes.join()).toContain('Should it come back, run k3s-uninstall.sh');
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-1', ['agent-1', 'agent-2', 'server-1', 'server-3']);
    // A second removal would leave one of two.
    expect((await them.plan(removal('server-3'))).plan.problems).toMatchObject([
      { code: 'removal-would-break-cluster' },
    ]);
  }, 120_000);
});

describe('machines whose former life is in their way', () => {
  /** What uninstalling by hand leaves of a server: nothing, and a cluster that does not know of it. */
  async function reinstall(them: EngineLab, id: string): Promise<void> {
    const server = nodesOf(them.cluster).find((node) => node.id === id);
    if (server === undefined) throw new Error(`no ${id}`);
    expect(await them.hosts.run(server, stopK3s('/var/lib/rancher/k3s'))).toMatchObject({ kind: 'done' });
    expect(await them.hosts.run(server, uninstallK3s('/var/lib/rancher/k3s', false))).toMatchObject({ kind: 'done' });
  }

  it('are taken in again by provisioning: a reinstalled server and a reinstalled agent', async () => {
    const them = await provisioned();
    await reinstall(them, 'server-3');
    await reinstall(them, 'agent-2');
    const prepared = await them.plan();
    expect(prepared.plan.problems).toEqual([]);
    expect(prepared.plan.notes.join()).toContain('server-3 joins anew');
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-1', ['agent-1', 'agent-2', 'server-1', 'server-2', 'server-3']);
    expect(stepIds(await them.plan())).toEqual([]);
  }, 120_000);

  it('are taken in again by provisioning: a server that hangs since its Node was deleted', async () => {
    const them = await provisioned();
    const [first, , third] = them.cluster.servers;
    if (first === undefined || third === undefined) throw new Error('three servers are needed');
    expect(await them.hosts.run(third, controlUnit('stop', 'k3s'))).toMatchObject({ kind: 'done' });
    expect(await them.hosts.run(first, deleteNode('server-3'))).toMatchObject({ kind: 'done' });
    await expect.poll(() => memberNames(them, 'server-1')).toEqual(['server-1', 'server-2']);
    expect(await them.hosts.run(third, controlUnit('start', 'k3s'))).toMatchObject({ kind: 'done' });
    await expect
      .poll(() => them.fleet.inspect('server-3').journal('k3s').join('\n'))
      .toContain('data-dir used by this member must be removed');
    const prepared = await them.plan();
    expect(stepIds(prepared)).toContain('drop-etcd:server-3');
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-1', ['agent-1', 'agent-2', 'server-1', 'server-2', 'server-3']);
  }, 120_000);
});

describe('a member of etcd that nobody stands for any more', () => {
  it('is told with its cure, which takes it out', async () => {
    const them = await provisioned();
    const [first, , third] = them.cluster.servers;
    if (first === undefined || third === undefined) throw new Error('three servers are needed');
    expect(await them.hosts.run(third, controlUnit('stop', 'k3s'))).toMatchObject({ kind: 'done' });
    // A second life that begins before the first one is deleted leaves the member of the first behind.
    them.fleet.inspect('server-3').removeFile('/var/lib/rancher/k3s/server');
    expect(await them.hosts.run(third, controlUnit('start', 'k3s'))).toMatchObject({ kind: 'done' });
    await expect
      .poll(() => them.fleet.inspect('server-3').journal('k3s').join('\n'))
      .toContain('duplicate node name found');
    expect(await them.hosts.run(third, controlUnit('stop', 'k3s'))).toMatchObject({ kind: 'done' });
    expect(await them.hosts.run(first, deleteNode('server-3'))).toMatchObject({ kind: 'done' });
    them.cluster = { ...them.cluster, servers: them.cluster.servers.filter((server) => server !== third) };
    const told = memberGapNotes((await them.plan()).situation);
    expect(told).toEqual([expect.stringContaining('"k3s-ha remove FILE server-3" takes it out')]);
    const prepared = await them.plan({ operation: operationById('remove-node'), intent: { nodes: ['server-3'] } });
    expect(prepared.plan.problems).toEqual([]);
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    expect(await memberNames(them, 'server-1')).toEqual(['server-1', 'server-2']);
    expect(memberGapNotes((await them.plan()).situation)).toEqual([]);
  }, 120_000);
});

describe('resetting a cluster', () => {
  it('leaves nothing on any machine, also when it was cut off, and the file can be provisioned anew', async () => {
    const them = await provisioned();
    const wanted = { operation: operationById('reset-cluster'), intent: {} };
    const cancel = new AbortController();
    const cut = await them.run(
      await them.plan(wanted),
      (event) => {
        if (event.type === 'step' && event.step === 'uninstall-k3s:server-2') cancel.abort();
      },
      cancel.signal,
    );
    expect(cut.result).toBe('cancelled');
    await expect.poll(async () => (await them.run(await them.plan(wanted))).problems, { timeout: 20_000 }).toEqual([]);
    for (const { id } of nodesOf(them.cluster)) expect([id, trace(them, id)]).toEqual([id, GONE]);
    expect(stepIds(await them.plan(wanted))).toEqual([]);
    expect(await them.run(await them.plan())).toMatchObject({ result: 'done', problems: [] });
    await whole(them, 'server-1', ['agent-1', 'agent-2', 'server-1', 'server-2', 'server-3']);
  }, 120_000);
});

const STEPS = [
  'cordon:server-3:server-3',
  'drain:server-3:server-3',
  'stop-k3s:server-3',
  'delete-node:server-1:server-3',
  'remove-member:server-1:server-3',
  'await-members:server-1:server-3',
  'uninstall-k3s:server-3',
];
const FAULTS = ['cancelled', 'killed', 'connection lost', 'host rebooted'] as const;

/** Runs the removal; when the step begins, the fault happens. */
async function disturbed(
  them: EngineLab,
  step: string,
  fault: (typeof FAULTS)[number],
): Promise<RunReport | undefined> {
  const operating = them.as({ name: 'ada@laptop', process: 100, isRunning: () => false });
  const prepared = await operating.plan(removal('server-3'));
  const host = prepared.plan.steps.find(({ id }) => id === step)?.on ?? '';
  const cancel = new AbortController();
  let over: Promise<void> | undefined;
  let killed = (): void => undefined;
  const death = new Promise<undefined>((resolve) => (killed = () => resolve(undefined)));
  const running = operating.run(
    prepared,
    (event) => {
      if (event.type !== 'step' || event.step !== step || event.state !== 'running' || over !== undefined) return;
      over = Promise.resolve();
      if (fault === 'cancelled') cancel.abort();
      if (fault === 'killed') void operating.hosts.dispose().then(() => killed());
      if (fault === 'connection lost') them.fleet.dropConnections(host);
      if (fault === 'host rebooted') over = them.fleet.restart(host);
    },
    cancel.signal,
  );
  // What a killed process would still have done does not matter: it has no connection left.
  const report = await Promise.race([running, death]);
  await over;
  await operating.hosts.dispose();
  return report;
}

async function settled(them: EngineLab): Promise<void> {
  for (const node of nodesOf(them.cluster))
    await expect
      .poll(() => ['active', 'inactive'].includes(them.fleet.inspect(node.id).unit(unitOf(node)).active), {
        timeout: 20_000,
      })
      .toBe(true);
}

describe('whatever happens while a server is removed', () => {
  const ALL = process.env['FAULT_MATRIX'] === 'all';
  const CASES = STEPS.flatMap((step, at) =>
    FAULTS.filter((_, i) => ALL || i === 0 || i === 1 + (at % 3)).map((fault) => ({ step, fault })),
  );

  it.each(CASES)(
    '$fault at $step: the others go on, and the same command again finishes',
    async ({ step, fault }) => {
      const them = await provisioned();
      const report = await disturbed(them, step, fault);
      await settled(them);
      if (fault === 'cancelled') {
        expect(report?.result).toBe('cancelled');
        expect(await cordoned(them, 'server-1')).toEqual([]);
        const before = STEPS.indexOf(step) < STEPS.indexOf('delete-node:server-1:server-3');
        if (before) expect(them.fleet.inspect('server-3').unit('k3s').active).toBe('active');
      }
      await expect
        .poll(async () => (await them.run(await them.plan(removal('server-3')))).problems, { timeout: 40_000 })
        .toEqual([]);
      await whole(them, 'server-1', ['agent-1', 'agent-2', 'server-1', 'server-2']);
      expect(trace(them, 'server-3')).toEqual(GONE);
      expect(stepIds(await them.plan(removal('server-3')))).toEqual([]);
    },
    120_000,
  );
});
