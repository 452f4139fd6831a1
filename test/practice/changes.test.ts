import { describe, expect, it } from 'vitest';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import type { Cluster } from '../../src/core/cluster/cluster';
import { CONFIG_PATH } from '../../src/core/k3s/paths';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import type { Log, Operator } from '../../src/engine/ports';
import { engineLab, stepIds, withServerOption, type EngineLab } from './engineLab';

const BOB: Operator = { name: 'bob@desk', process: 2000, isRunning: () => true };
const SERVERS = ['server-1', 'server-2', 'server-3'];

async function provisioned(): Promise<EngineLab> {
  const them = await engineLab();
  const report = await them.run(await them.plan());
  expect(report.problems).toEqual([]);
  return them;
}

/** Takes down how many servers were not active at the same time while `work` goes on. */
async function mostDown(them: EngineLab, work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  const forget = them.fleet.onEvent((event) => {
    if (event.kind !== 'unit') return;
    const down = SERVERS.filter((id) => them.fleet.inspect(id).unit('k3s').active !== 'active').length;
    most = Math.max(most, down);
  });
  await work();
  forget();
  return most;
}

const configs = (them: EngineLab): (string | undefined)[] =>
  SERVERS.map((id) => them.fleet.inspect(id).file(CONFIG_PATH)?.content);

describe('H2: a change of running servers', () => {
  it('that the first one cannot start with stops there, and that one gets its old state back', async () => {
    const them = await provisioned();
    const before = configs(them);
    // K3s does not start with an unknown value of it, and no rule of the file can know.
    them.cluster = withServerOption(them.cluster, 'flannel-backend', ['no-such-backend']);
    const prepared = await them.plan();
    const down = await mostDown(them, async () => {
      const report = await them.run(prepared);
      expect(report.result).toBe('failed');
      expect(report.problems.map(({ code, host }) => [code, host])).toEqual([['start-failed', 'server-1']]);
      expect(report.states.get('put-back:server-1')).toBe('done');
      expect(report.states.get('write-config:server-2')).toBe('skipped');
    });
    expect(down).toBe(1);
    expect(configs(them)).toEqual(before);
    for (const id of SERVERS) expect(them.fleet.inspect(id).unit('k3s').active).toBe('active');
    // Nothing is left that the next reboot would spring.
    await them.fleet.powerOff('server-2');
    await them.fleet.powerOn('server-2');
    await expect.poll(() => them.fleet.inspect('server-2').unit('k3s').active).toBe('active');
    them.cluster = withServerOption(them.cluster, 'flannel-backend', ['vxlan']);
    expect((await them.run(await them.plan())).problems).toEqual([]);
    expect(stepIds(await them.plan())).toEqual([]);
  });

  it('M14: that is cancelled while a server restarts leaves it proved or as it was', async () => {
    const them = await provisioned();
    them.cluster = withServerOption(them.cluster, 'kube-apiserver-arg', ['v=2']);
    const cancel = new AbortController();
    const report = await them.run(
      await them.plan(),
      (event) => {
        if (event.type === 'step' && event.step === 'restart:server-1' && event.state === 'running') cancel.abort();
      },
      cancel.signal,
    );
    expect(report.result).toBe('cancelled');
    expect(report.states.get('put-back:server-1')).toBe('done');
    expect(them.fleet.inspect('server-1').unit('k3s').active).toBe('active');
    expect(them.fleet.inspect('server-2').file(CONFIG_PATH)?.content).not.toContain('v=2');
    expect((await them.run(await them.plan())).problems).toEqual([]);
    expect(stepIds(await them.plan())).toEqual([]);
  });
});

describe('H5: two operators', () => {
  it('of one cluster: the second is told who is at work, and nothing is done twice', async () => {
    const them = await provisioned();
    const bob = them.as(BOB);
    them.cluster = withServerOption(them.cluster, 'kube-apiserver-arg', ['v=2']);
    const [mine, his] = await Promise.all([them.plan(), bob.plan()]);
    let told: Promise<unknown> = Promise.resolve();
    const report = await them.run(mine, (event) => {
      if (event.type !== 'step' || event.step !== 'restart:server-1' || event.state !== 'running') return;
      told = bob.run(his).then(({ result, problems }) => {
        expect(result).toBe('failed');
        expect(problems[0]).toMatchObject({ code: 'cluster-in-use' });
        expect(problems[0]?.message).toContain('ada@laptop');
      });
    });
    await told;
    expect(report.problems).toEqual([]);
    expect(stepIds(await bob.plan())).toEqual([]);
  });

  const all = (cluster: Cluster): Cluster => cluster;
  const reversed = (cluster: Cluster): Cluster => ({ ...cluster, servers: [...cluster.servers].reverse() });
  const only =
    (...ids: readonly string[]) =>
    (cluster: Cluster): Cluster => ({
      ...cluster,
      servers: cluster.servers.filter(({ id }) => ids.includes(id)),
      agents: [],
    });

  it.each([
    // No host gives two of them its lease.
    { files: 'of the same servers', turns: 50, views: [all, reversed] as const },
    // Only the lease in the cluster keeps them apart.
    { files: 'of different servers', turns: 25, views: [only('server-1'), only('server-2', 'server-3')] as const },
  ])(
    'with files $files at the same time, $turns times: never two servers down, never a false "done"',
    async ({ turns, views }) => {
      const them = await provisioned();
      let kept = 0;
      for (let turn = 0; turn < turns; turn += 1) {
        // Both want something else, as two people with two states of one file do.
        const values = [`v=${turn % 5}`, `v=${5 + (turn % 5)}`];
        const files = views.map((view, i) =>
          view(withServerOption(them.cluster, 'kube-apiserver-arg', [values[i] as string])),
        );
        const operators = [them.as({ ...BOB, name: 'ada@laptop' }, files[0]), them.as(BOB, files[1])];
        const prepared = await Promise.all(operators.map((operator) => operator.plan()));
        const down = await mostDown(them, async () => {
          const reports = await Promise.all(operators.map((operator, i) => operator.run(prepared[i] as never)));
          const refused = reports.filter(({ result }) => result !== 'done');
          kept += refused.length;
          for (const { problems } of refused) expect(problems[0]?.code).toMatch(/^(?:cluster-in-use|plan-outdated)$/);
          if (views[0] === all) expect(refused.length).toBeGreaterThanOrEqual(1);
          for (const [i, operator] of operators.entries())
            if (reports[i]?.result === 'done') expect(stepIds(await operator.plan())).toEqual([]);
        });
        expect(down).toBeLessThanOrEqual(1);
        await Promise.all(operators.map(({ hosts }) => hosts.dispose()));
      }
      expect(kept).toBeGreaterThan(0);
    },
    400_000,
  );

  it('a run whose process is gone does not block the next one of the same person', async () => {
    const them = await engineLab();
    const lost = them.as({ name: 'ada@laptop', process: 999, isRunning: () => true });
    const hanging = lost.run(await lost.plan(), (event) => {
      if (event.type === 'step' && event.step === 'install:server-2' && event.state === 'running')
        void lost.hosts.dispose();
    });
    await hanging;
    const report = await them.run(await them.plan());
    expect(report.problems).toEqual([]);
  });
});

describe('the API behind the load balancer', () => {
  it('answers through the whole change', async () => {
    const them = await provisioned();
    const quiet = (): void => undefined;
    const log: Log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
    const fetched = await fetchKubeconfig(them.cluster, them.hosts, createClusterApi({ log }));
    if (!fetched.ok) throw new Error(fetched.error.message);
    them.cluster = { ...them.cluster, k3s: { ...them.cluster.k3s, version: 'v1.36.4+k3s1' } };
    const prepared = await them.plan();
    expect(stepIds(prepared)).toContain('install:server-1');
    const api = createClusterApi({ log });
    const answers: boolean[] = [];
    let going = true;
    const asking = (async () => {
      while (going) answers.push((await api.verify({ kubeconfig: fetched.value.prepared.text })).ok);
    })();
    const versions = new Set<string>();
    const report = await them.run(prepared, (event) => {
      if (event.type === 'step' && event.step === 'install:server-3' && event.state === 'running') {
        versions.add(them.fleet.inspect('agent-1').file('/usr/local/bin/k3s')?.content ?? '');
      }
    });
    going = false;
    await asking;
    expect(report.problems).toEqual([]);
    // A binary travels with its restart: the agents still have the old one while servers are changed.
    expect([...versions].join()).toContain('v1.36.3');
    expect(answers.filter((answered, i) => !answered && answers[i + 1] === false)).toEqual([]);
    expect(stepIds(await them.plan())).toEqual([]);
  });
});

describe('a machine that is switched off', () => {
  it.each(['running', 'done'])('when the last step is %s is never part of a "done"', async (state) => {
    const them = await provisioned();
    const prepared = await them.plan();
    let off: Promise<void> = Promise.resolve();
    const report = await them.run(prepared, (event) => {
      if (event.type !== 'step' || event.step !== 'await-nodes:server-1' || event.state !== state) return;
      off = them.fleet.powerOff('agent-1');
    });
    await off;
    expect(report.result).toBe('failed');
    expect(JSON.stringify(report.problems)).toContain('agent-1');
    await them.fleet.powerOn('agent-1');
    await expect.poll(() => them.fleet.inspect('agent-1').unit('k3s-agent').active).toBe('active');
    expect((await them.run(await them.plan())).problems).toEqual([]);
  });
});
