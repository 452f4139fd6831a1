import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import { restart } from '../../src/engine/operations/restart';
import type { RunReport } from '../../src/core/plan/events';
import { expectNodes } from './byHand';
import { clusterFile, TOKEN } from './clusterFile';
import { DEFAULT_K3S_VERSION, startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { startHaproxy } from './driver/services';
import { engineFor, type Engine } from './engine';
import { watchApi } from './fromOutside';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const NODES = [...SERVERS, 'agent-1'];
const READY = Object.fromEntries(NODES.map((name) => [name, 'Ready']));
const NEWER = 'v1.36.4+k3s1';
const LABEL = '    node-label: [turn=two]\n';
/** Not a map, so K3s ends as soon as it reads it. */
const TRAP = '/etc/rancher/k3s/config.yaml.d/99-trap.yaml';

describe.skipIf(fleetSkipReason() !== undefined).each([
  { title: 'a cluster of which one server has OpenRC', openrc: ['server-1'] },
  { title: 'a cluster in which every node has OpenRC', openrc: NODES },
])('$title', ({ openrc }) => {
  let fleet: Fleet;
  let engine: Engine;
  let kubeconfig: string;

  const unitOf = (name: string): string => (name.startsWith('agent') ? 'k3s-agent' : 'k3s');
  const on = (name: string, script: string): Promise<string> => fleet.host(name).mustExec(script);

  /** Another state of the cluster file. */
  async function edited(more: { readonly version?: string; readonly serverConfig?: string } = {}): Promise<void> {
    await engine?.dispose();
    const balancer = fleet.host('lb').address;
    const text = clusterFile(fleet, { servers: SERVERS, agents: ['agent-1'], balancer, ...more });
    engine = await engineFor(fleet, text, { token: TOKEN });
  }

  async function stepIds(): Promise<readonly string[]> {
    const { plan } = await engine.plan();
    expect(plan.problems).toEqual([]);
    return plan.steps.map(({ id }) => id);
  }

  /** Processes of K3s itself, one a host. */
  const processes = (): Promise<readonly string[]> =>
    Promise.all(NODES.map(async (name) => (await on(name, 'pgrep -f "k3s (server|agent)" | head -n 1')).trim()));

  /** Carries a plan out while the API is asked; no question may stay without an answer. */
  async function undisturbed(run: () => Promise<RunReport>): Promise<void> {
    const api = watchApi(kubeconfig);
    const report = await run();
    const { asked, unanswered } = await api.stop();
    expect(report).toMatchObject({ problems: [], result: 'done' });
    expect(unanswered).toEqual([]);
    expect(asked).toBeGreaterThan(20);
  }

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [
        ...NODES.map((name) => ({ name, ...(openrc.includes(name) ? { init: 'openrc' as const } : {}) })),
        { name: 'lb', services: true },
      ],
      k3sVersions: [DEFAULT_K3S_VERSION, NEWER],
    });
    await startHaproxy(
      fleet.host('lb'),
      SERVERS.map((name) => fleet.host(name)),
      'readyz',
    );
    await edited();
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('is provisioned, and starts with its hosts', async () => {
    const prepared = await engine.plan();
    expect(prepared.plan.problems).toEqual([]);
    for (const name of NODES)
      expect(prepared.situation.facts.get(name)?.init, name).toBe(openrc.includes(name) ? 'openrc' : 'systemd');
    expect(await engine.run(prepared)).toMatchObject({ problems: [], result: 'done' });
    const fetched = await fetchKubeconfig(engine.cluster, engine.hosts, engine.api);
    if (!fetched.ok) throw new Error(fetched.error.message);
    kubeconfig = fetched.value.prepared.text;
    await expectNodes(fleet, kubeconfig, READY);
    for (const name of openrc) {
      expect(await on(name, 'rc-update show default'), name).toContain(unitOf(name));
      expect(await on(name, `stat -c '%a %U' /etc/rancher/k3s/config.yaml /etc/rancher/k3s/${unitOf(name)}.env`)).toBe(
        '600 root\n600 root\n',
      );
    }
  });

  it('is left alone by a second run', async () => {
    const before = await processes();
    expect(await stepIds()).toEqual([]);
    expect(await engine.run(await engine.plan())).toMatchObject({ problems: [], result: 'done' });
    expect(await processes()).toEqual(before);
  });

  it('is restarted one server after another, and the API answers all the time', async () => {
    const before = await processes();
    await undisturbed(async () => engine.run(await engine.plan({ operation: restart, intent: { nodes: [] } })));
    const after = await processes();
    expect(NODES.filter((_, i) => before[i] === after[i])).toEqual([]);
    await expectNodes(fleet, kubeconfig, READY);
  });

  it('gets its old configuration back where K3s does not start with the new one, and says what K3s has written', async () => {
    const config = await on('server-1', 'cat /etc/rancher/k3s/config.yaml');
    const others = (await processes()).slice(1);
    await edited({ serverConfig: LABEL });
    const work: Promise<unknown>[] = [];
    const report = await engine.run(await engine.plan(), (event) => {
      if (event.type !== 'step') return;
      if (event.step === 'put-aside:server-1' && event.state === 'done')
        work.push(on('server-1', `mkdir -p "$(dirname ${TRAP})"; echo 'no map' > ${TRAP}`));
      if (event.step === 'restart:server-1' && event.state === 'failed') work.push(on('server-1', `rm ${TRAP}`));
    });
    await Promise.all(work);
    expect(work).toHaveLength(2);
    expect(report.result).toBe('failed');
    expect(report.problems).toMatchObject([
      {
        host: 'server-1',
        message: expect.stringContaining('k3s on server-1 does not come up'),
        why: expect.stringContaining('failed to parse config file'),
        nextSteps: expect.arrayContaining([expect.stringContaining('/var/log/k3s.log')]),
      },
    ]);
    expect(report.states.get('put-back:server-1')).toBe('done');
    expect(await on('server-1', 'cat /etc/rancher/k3s/config.yaml')).toBe(config);
    expect((await processes()).slice(1)).toEqual(others);
    await expectNodes(fleet, kubeconfig, READY);
  });

  it('gets another configuration, one server after another', async () => {
    expect((await stepIds()).filter((id) => id.startsWith('restart:'))).toEqual(
      SERVERS.map((name) => `restart:${name}`),
    );
    await undisturbed(async () => engine.run(await engine.plan()));
    expect(await stepIds()).toEqual([]);
  });

  it('is upgraded', async () => {
    await edited({ version: NEWER, serverConfig: LABEL });
    await undisturbed(async () => engine.run(await engine.plan()));
    const versions = 'jsonpath={.items[*].status.nodeInfo.kubeletVersion}';
    expect((await fleet.kubectl(kubeconfig, ['get', 'nodes', '-o', versions])).stdout.split(' ')).toEqual(
      NODES.map(() => NEWER),
    );
    expect(await stepIds()).toEqual([]);
  });

  it('is there again after its first host was started anew, and nothing is left to do', async () => {
    await fleet.host('server-1').reboot();
    await expectNodes(fleet, kubeconfig, READY);
    await until('a plan without steps', 60_000, async () => ((await stepIds()).length === 0 ? true : undefined));
  });

  it('loses a service of the other role, and nothing is restarted for it', async () => {
    const name = openrc.at(-1) ?? '';
    const [own, other] = name.startsWith('agent') ? ['agent', 'k3s'] : ['server', 'k3s-agent'];
    await on(
      name,
      `sed 's/name=.*/name=${other}/' /etc/init.d/${unitOf(name)} > /etc/init.d/${other} && chmod 755 /etc/init.d/${other} && rc-update add ${other} default && echo K3S_TOKEN=stray > /etc/rancher/k3s/${other}.env`,
    );
    const before = await processes();
    const prepared = await engine.plan();
    expect(prepared.plan.steps.map(({ id }) => id)).toContain(`remove-unit:${name}:${other}`);
    expect(await engine.run(prepared)).toMatchObject({ problems: [], result: 'done' });
    expect((await on(name, 'ls /var/lib/k3s-ha/removed-units')).trim().split('\n')).toEqual([other, `${other}.env`]);
    expect(await on(name, 'rc-update show default')).not.toMatch(new RegExp(`^ *${other} `, 'm'));
    expect(await processes(), own).toEqual(before);
    expect(await stepIds()).toEqual([]);
  });
});
