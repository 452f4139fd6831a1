import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressLook } from '../../src/adapters/system/addressLook';
import type { Cluster, LoadBalancer } from '../../src/core/cluster/cluster';
import type { AddressFinding } from '../../src/core/loadBalancer/addressFinding';
import { checkAddress } from '../../src/engine/access/checkAddress';
import { addressAdvice } from '../../src/engine/planning/addressNotes';
import { clusterFile, TOKEN } from './clusterFile';
import { startFleet, type Fleet } from './driver/fleet';
import type { FleetHost } from './driver/host';
import { fleetSkipReason } from './driver/requirements';
import { startHaproxy } from './driver/services';
import { engineFor, type Engine } from './engine';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const NAME = 'api.fleet.test';

/** HAProxy with this text behind the defaults that every test has. */
async function haproxy(lb: FleetHost, text: string): Promise<void> {
  const config = `global
  maxconn 1000
defaults
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  retries 0
${text}`;
  await lb.mustExec(
    'cat > /etc/haproxy/haproxy.cfg && haproxy -c -q -f /etc/haproxy/haproxy.cfg && systemctl restart haproxy',
    {
      stdin: config,
    },
  );
}

describe.skipIf(fleetSkipReason() !== undefined)('a fixed address that somebody else carries', () => {
  let fleet: Fleet;
  let engine: Engine;

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [...[...SERVERS, 'agent-1'].map((name) => ({ name })), { name: 'lb', services: true }],
    });
    const text = clusterFile(fleet, { servers: SERVERS, agents: ['agent-1'], balancer: fleet.host('lb').address });
    engine = await engineFor(fleet, text.replace(/tls-san: \[(.*)\]/, `tls-san: [$1, ${NAME}]`), { token: TOKEN });
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  const deps = () => ({ hosts: engine.hosts, addresses: addressLook, parallel: 8 });
  const lb = (): FleetHost => fleet.host('lb');
  const hosts = (...names: readonly string[]): FleetHost[] => names.map((name) => fleet.host(name));
  const check = async (cluster: Cluster = engine.cluster): Promise<readonly AddressFinding[]> =>
    (await checkAddress(cluster, deps())).findings;
  const balancedBy = (change: Partial<LoadBalancer>): Cluster => {
    const { loadBalancer } = engine.cluster;
    if (loadBalancer === undefined) throw new Error('the cluster has no load balancer');
    return { ...engine.cluster, loadBalancer: { ...loadBalancer, ...change } };
  };
  const codes = (findings: readonly AddressFinding[]): string[] => findings.map(({ problem }) => problem.code);

  /** HAProxy that ends TLS with a certificate of its own and speaks HTTP with the servers. */
  const endTls = async (): Promise<void> => {
    await lb().mustExec(
      'openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=lb.example" -keyout /etc/haproxy/key -out /etc/haproxy/crt 2>/dev/null && cat /etc/haproxy/crt /etc/haproxy/key > /etc/haproxy/lb.pem',
    );
    const servers = hosts(...SERVERS).map(({ name, address }) => `  server ${name} ${address}:6443 ssl verify none`);
    await haproxy(
      lb(),
      `frontend k3s\n  mode http\n  bind *:6443 ssl crt /etc/haproxy/lb.pem\n  default_backend servers\nbackend servers\n  mode http\n${servers.join('\n')}\n`,
    );
  };

  it('stops a first provisioning when TLS ends there, and not when nobody is behind it yet', async () => {
    const { situation } = await engine.plan();
    expect(await addressAdvice(situation, deps())).toEqual({ problems: [], notes: [] });
    await endTls();
    const { problems } = await addressAdvice(situation, deps());
    expect(problems).toMatchObject([
      { code: 'address-stranger', why: expect.stringContaining('lb.example') as string },
    ]);
    await startHaproxy(lb(), hosts(...SERVERS));
    expect(await addressAdvice(situation, deps())).toEqual({ problems: [], notes: [] });
  });

  it('is fine when TCP passes through to all servers', async () => {
    const report = await engine.run(await engine.plan());
    expect(report.problems).toEqual([]);
    expect((await check()).map(({ problem }) => problem.message)).toEqual([]);
  });

  it('ends TLS with another certificate', async () => {
    await endTls();
    const findings = await check();
    expect(codes(findings)).toEqual(['address-tls-ended']);
    expect(findings[0]?.problem).toMatchObject({
      message: expect.stringContaining('seen from server-1, server-2, server-3 and this computer') as string,
      why: expect.stringContaining('CN=lb.example') as string,
    });
  });

  it('lacks a server', async () => {
    await startHaproxy(lb(), hosts('server-1', 'server-2'));
    const findings = await check();
    expect(codes(findings)).toEqual(['balancer-server-missing']);
    expect(findings[0]?.problem.message).toContain('never leads to server-3');
  });

  it('sends connections to a server that is down', async () => {
    const servers = hosts(...SERVERS).map(({ name, address }) => `  server ${name} ${address}:6443`);
    await haproxy(lb(), `listen k3s\n  mode tcp\n  bind *:6443\n  balance roundrobin\n${servers.join('\n')}\n`);
    await fleet.host('server-3').mustExec('systemctl stop k3s');
    const findings = await check();
    await fleet.host('server-3').mustExec('systemctl start k3s');
    expect(codes(findings)).toContain('balancer-server-down');
    expect(findings.find(({ problem }) => problem.code === 'balancer-server-down')?.problem.why).toContain(
      'server-3 is down',
    );
  });

  it('does not lead a server back to itself when it keeps the address of clients', async () => {
    await lb().mustExec('systemctl stop haproxy');
    const targets = hosts(...SERVERS);
    // Each machine has a turn of its own: with one for all, another's connections may take every one that led back here.
    const sources = [...targets, fleet.host('agent-1')].map(({ address }) => `-s ${address} `);
    const turns = [...sources, ''].flatMap((source) =>
      targets.map(
        ({ address }, i) =>
          `iptables -t nat -A PREROUTING ${source}-p tcp --dport 6443 -m statistic --mode nth --every ${targets.length - i} --packet 0 -j DNAT --to-destination ${address}`,
      ),
    );
    // What is led back keeps its address; everything else gets that of the load balancer, so that answers come this way.
    const kept = targets.map(({ address }) => `iptables -t nat -A POSTROUTING -s ${address} -d ${address} -j ACCEPT`);
    const rules = [...turns, ...kept];
    await lb().mustExec(
      [
        'echo 1 > /proc/sys/net/ipv4/ip_forward',
        ...rules,
        'iptables -t nat -A POSTROUTING -p tcp --dport 6443 -j MASQUERADE',
      ].join(' && '),
    );
    const findings = await check();
    await lb().mustExec('iptables -t nat -F && systemctl start haproxy');
    expect(new Set(codes(findings)), JSON.stringify(findings)).toEqual(new Set(['address-hairpin']));
    expect(findings.flatMap(({ places }) => places).sort()).toEqual(SERVERS);
  });

  it('is cut off from one server', async () => {
    await startHaproxy(lb(), hosts(...SERVERS));
    const rule = `OUTPUT -p tcp -d ${lb().address} --dport 6443 -j DROP`;
    await fleet.host('server-2').mustExec(`iptables -A ${rule}`);
    const findings = await check();
    await fleet.host('server-2').mustExec(`iptables -D ${rule}`);
    expect(findings).toMatchObject([{ problem: { code: 'address-hairpin', host: 'server-2' } }]);
  });

  it('is a name that stands for something else on one machine', async () => {
    const lines = hosts(...SERVERS).map(({ address }) => `${address} ${NAME}`);
    for (const host of hosts(...SERVERS)) await host.mustExec('cat >> /etc/hosts', { stdin: `${lines.join('\n')}\n` });
    const stale = fleet.address(99);
    await fleet
      .host('agent-1')
      .mustExec('cat >> /etc/hosts', { stdin: `${lines.slice(0, 2).join('\n')}\n${stale} ${NAME}\n` });
    const findings = await check(balancedBy({ type: 'dns', address: NAME }));
    const told = new Map(findings.map(({ places, problem }) => [problem.code, { places, message: problem.message }]));
    expect([...told.keys()].sort()).toEqual(['address-name-differs', 'address-name-strange', 'address-name-unknown']);
    expect(told.get('address-name-unknown')?.places).toEqual(['this computer']);
    expect(told.get('address-name-strange')).toEqual({
      places: ['agent-1'],
      message: `${NAME} also stands for ${stale}, which is no server with an API, seen from agent-1`,
    });
  });
});
