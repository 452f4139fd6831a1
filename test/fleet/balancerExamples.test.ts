import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import { startClient, type Client, type ClientReport } from '../support/steadyClient';
import { startFleet, type Fleet } from './driver/fleet';
import type { FleetHost } from './driver/host';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { engineFor, type Engine } from './engine';
import { exampleFile } from './exampleFile';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const AGENTS = ['agent-1', 'agent-2', 'agent-3'];
const NODES = {
  '10.0.0.100': 100,
  '10.0.0.11': 'server-1',
  '10.0.0.12': 'server-2',
  '10.0.0.13': 'server-3',
  '10.0.1.[1-3]': AGENTS,
};
const EXAMPLES = [
  {
    name: 'haproxy-keepalived',
    unit: 'haproxy',
    on: ['lb-1', 'lb-2'],
    places: { '10.0.0.5': 'lb-1', '10.0.0.6': 'lb-2', ...NODES },
  },
  { name: 'nginx', unit: 'nginx', on: ['server-1', 'server-2'], places: NODES },
] as const;

describe.skipIf(fleetSkipReason() !== undefined).each(EXAMPLES)('the example $name', ({ name, unit, on, places }) => {
  let fleet: Fleet;
  let engine: Engine;
  let kubeconfig: string;

  /** The machines that have the fixed address. */
  const carriers = async (): Promise<FleetHost[]> => {
    const hosts = on.map((each) => fleet.host(each)).filter((host) => host.isOn());
    const shown = await Promise.all(hosts.map((host) => host.mustExec('ip -o -4 addr show dev eth0')));
    return hosts.filter((_, i) => shown[i]?.includes(` ${fleet.address(100)}/32`));
  };
  const carrier = (other?: FleetHost): Promise<FleetHost> =>
    until('one machine has the address', 30_000, async () => {
      const [only, more] = await carriers();
      return more === undefined && only !== other ? only : undefined;
    });
  const meanwhile = async (work: (client: Client) => Promise<unknown>): Promise<ClientReport> => {
    const client = startClient(kubeconfig);
    await work(client).finally(() => client.steady(20));
    return client.stop();
  };
  /** Carries out what is planned until nothing is left, and gives the steps. */
  const settle = async (): Promise<readonly string[]> => {
    const prepared = await engine.plan();
    expect(await engine.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    expect((await engine.plan()).plan.steps).toEqual([]);
    return prepared.plan.steps.map(({ id }) => id);
  };

  beforeAll(async () => {
    const machines = [...SERVERS, ...AGENTS, ...on.filter((each) => !SERVERS.includes(each))];
    fleet = await startFleet({
      hosts: machines.map((each) => ({ name: each, ...(on.some((one) => one === each) ? { packages: true } : {}) })),
    });
    const text = exampleFile(fleet, name, places);
    engine = await engineFor(fleet, text.replace('ssh:\n', 'ssh:\n  knownHostsFile: known_hosts\n'), {
      'edge-token': 'c0ffee1234567890c0ffee1234567890',
    });
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('is provisioned as it stands, and nothing is left to do', async () => {
    expect(await settle()).toEqual(expect.arrayContaining(on.map((each) => `write-balancer:${each}:${unit}`)));
    const fetched = await fetchKubeconfig(engine.cluster, engine.hosts, engine.api);
    if (!fetched.ok) throw new Error(fetched.error.message);
    kubeconfig = fetched.value.prepared.text;
    const { port } = engine.cluster.loadBalancer ?? {};
    expect(kubeconfig).toContain(`server: https://${fleet.address(100)}:${port}\n`);
    expect((await carrier()).name).toBe(on[0]);
  });

  it('costs less than a second when its proxy is killed where the address is', async () => {
    const holder = await carrier();
    const report = await meanwhile(() => holder.mustExec(`systemctl kill -s KILL ${unit}`));
    expect(report.longestGapMs, JSON.stringify(report)).toBeLessThan(1000);
    await until(`${unit} runs again`, 30_000, async () =>
      (await holder.exec(`systemctl is-active --quiet ${unit}`)).code === 0 ? true : undefined,
    );
  });

  it('costs less than a second when keepalived is killed where the address is, and the next run starts it again', async () => {
    const holder = await carrier();
    const report = await meanwhile(() => holder.mustExec('systemctl kill -s KILL keepalived'));
    expect(report.longestGapMs, JSON.stringify(report)).toBeLessThan(1000);
    await settle();
    await carrier();
    expect((await holder.exec('systemctl is-active keepalived')).stdout).toBe('active\n');
  });

  it('costs less than 3 s when the machine that has the address loses its power', async () => {
    const holder = await carrier();
    const report = await meanwhile(async () => {
      await holder.powerOff();
      await carrier(holder);
    });
    expect(report.longestGapMs, JSON.stringify(report)).toBeLessThan(3000);
  });
});
