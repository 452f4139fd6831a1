import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import type { Cluster } from '../../../src/core/cluster/cluster';
import type { EtcdLoad } from '../../../src/core/facts/etcdLoadFacts';
import type { FirewallFacts } from '../../../src/core/facts/firewallFacts';
import type { HostFacts } from '../../../src/core/facts/probe';
import type { NetworkFacts } from '../../../src/core/facts/networkFacts';
import type { SystemFacts } from '../../../src/core/facts/systemFacts';
import type { K3sUnit } from '../../../src/core/k3s/paths';
import type { ClusterMarks } from '../../../src/core/remote/clusterMarks';
import type { HostFinding, HostLook } from '../../../src/core/hostChecks/hostCheck';
import { HOST_CHECK_IDS } from '../../../src/core/hostChecks/ids';
import { checkHosts, HOST_CHECKS } from '../../../src/core/hostChecks/registry';
import { RULES } from '../../../src/core/rules/registry';
import { clusterOf, freshHost, runningUnit } from '../../support/cluster';

const SYSTEM: SystemFacts = {
  kernel: '6.1.0-37-amd64',
  distribution: ['debian'],
  distributionVersion: '12',
  machineId: '',
  cgroups: 2,
  swapKiB: 0,
  selinux: 'Disabled',
  selinuxPolicy: false,
  appArmor: true,
  appArmorParser: true,
  iptables: '1.8.9',
  nmCloudSetup: false,
  openrc: false,
  missingModules: [],
};
const NETWORK: NetworkFacts = {
  links: [{ name: 'eth0', address: '10.0.0.11', leased: false }],
  interfaces: ['lo', 'eth0'],
  routes: [{ to: '10.0.0.0/24', through: 'eth0' }],
  nameServers: ['10.0.0.1'],
};
const FIREWALL: FirewallFacts = { tool: 'ufw', otherwise: 'drop', allowed: [], flushes: false };

type Seen = Partial<HostFacts>;

/** The unit of a server that runs, and another one that waits for the next boot. */
function withStray(name: K3sUnit): HostFacts['units'] {
  const [unit] = Object.values(runningUnit('agent'));
  return { ...runningUnit('server'), ...(unit === undefined ? {} : { [name]: { ...unit, active: 'inactive' } }) };
}

/** A machine with which nothing is wrong, but for what is given. */
function host(id: string, more: Seen = {}): HostFacts {
  return {
    ...freshHost(id),
    system: SYSTEM,
    network: NETWORK,
    remains: { units: new Map(), folders: [], podInterfaces: [] },
    ...more,
  };
}

function look(seen: Readonly<Record<string, Seen>>, cluster: Cluster = clusterOf()): readonly HostFinding[] {
  const facts = new Map([...cluster.servers, ...cluster.agents].map(({ id }) => [id, host(id, seen[id])] as const));
  return checkHosts({ cluster, facts, unreachable: new Map() });
}

const system = (more: Partial<SystemFacts>): Seen => ({ system: { ...SYSTEM, ...more } });
const network = (more: Partial<NetworkFacts>): Seen => ({ network: { ...NETWORK, ...more } });
const withConfig = (serverConfig: Record<string, unknown>): Cluster => clusterOf({ serverConfig });

function etcdLoad(more: Partial<EtcdLoad>): Seen {
  return { etcdLoad: { size: 1_773_568, inUse: 1_000_000, quota: 2 ** 31, alarms: [], objects: [], ...more } };
}

/** K3s of a server that was started again so often. */
function restarted(restarts: number): HostFacts['units'] {
  const { k3s } = runningUnit('server');
  return k3s === undefined ? {} : { k3s: { ...k3s, restarts } };
}

/** What a machine has, what is found there, and of which severity; the words that name machine and evidence. */
const FOUND: readonly (readonly [id: string, severity: string, seen: Seen, words: RegExp, cluster?: Cluster])[] = [
  [
    'etcd-space',
    'error',
    etcdLoad({ size: 2_147_475_456, alarms: ['NOSPACE'], objects: [{ kind: 'events', count: 41_000 }] }),
    /etcd on server-1 has raised the alarm NOSPACE and takes 2147 MB of 2147 MB \(100 %\): it refuses every write; most objects are events \(41000\)/,
  ],
  ['etcd-space', 'warning', etcdLoad({ size: 1_600_000_000 }), /etcd on server-1 takes 1600 MB of 2147 MB \(75 %\)/],
  [
    'etcd-slow-writes',
    'warning',
    { ...etcdLoad({ fsync: { slowMs: 256, writes: 1000 } }), units: restarted(12) },
    /1 of 100 writes of etcd on server-1 takes 256 ms or longer since K3s started; that is the likely cause of 12 restarts of K3s/,
  ],
  [
    'compaction-behind',
    'warning',
    {
      compactionFailed:
        'level=error msg="Compact failed: Error 1020 (HY000): Record has changed since last read in table kine"',
    },
    /K3s on server-1 cannot compact its database, .*Error 1020/,
  ],
  ['no-service-manager', 'error', { init: 'none' }, /server-1 runs neither systemd nor OpenRC/],
  ['openrc-beside-systemd', 'error', system({ openrc: true }), /server-1 runs systemd and has OpenRC installed/],
  [
    'openrc-beside-systemd',
    'warning',
    { ...system({ openrc: true }), units: runningUnit('server') },
    /which the install script/,
  ],
  ['arch-unsupported', 'error', { arch: 'riscv64' }, /server-1 has the processor architecture riscv64/],
  ['role-changed', 'error', { units: runningUnit('agent') }, /server-1 is declared as server but has k3s-agent/],
  [
    'role-changed',
    'error',
    { units: { ...runningUnit('server'), ...runningUnit('agent') } },
    /server-1 has k3s-agent\.service beside k3s\.service/,
  ],
  [
    'role-changed',
    'error',
    { init: 'openrc', units: { ...runningUnit('server'), ...runningUnit('agent') } },
    /server-1 has service k3s-agent beside service k3s/,
  ],
  ['role-changed', 'warning', { units: withStray('k3s-agent') }, /server-1 has k3s-agent\.service beside k3s\.service/],
  [
    'k3s-under-other-name',
    'error',
    { otherUnits: [{ name: 'k3s-main', role: 'server', active: 'active', enabled: true }] },
    /server-1 has K3s in k3s-main\.service and not in k3s\.service/,
  ],
  [
    'k3s-under-other-name',
    'error',
    { otherUnits: [{ name: 'k3s-node', role: 'agent', active: 'active', enabled: true }] },
    /server-1 is declared as server, and k3s-node\.service runs K3s there as agent/,
  ],
  [
    'k3s-under-other-name',
    'error',
    {
      units: runningUnit('server'),
      otherUnits: [{ name: 'k3s-node', role: 'agent', active: 'inactive', enabled: true }],
    },
    /server-1 has k3s-node\.service beside k3s\.service: both start K3s/,
  ],
  [
    'k3s-under-other-name',
    'warning',
    {
      units: runningUnit('server'),
      otherUnits: [{ name: 'k3s-old', role: 'server', active: 'inactive', enabled: false }],
    },
    /server-1 has k3s-old\.service beside k3s\.service/,
  ],
  ['cgroup-memory-missing', 'error', { memoryCgroup: false }, /The kernel of server-1 has no memory cgroup/],
  ['cgroup-v1', 'warning', system({ cgroups: 1 }), /server-1 uses cgroup v1/],
  ['no-default-route', 'error', { defaultRoute: false }, /server-1 has no default route, and K3s does not start/],
  [
    'no-default-route',
    'warning',
    { defaultRoute: false, units: runningUnit('server') },
    /server-1 has no default route; K3s picks/,
  ],
  ['disk-space', 'error', { diskFreeKiB: 1024 * 1024 - 1 }, /server-1 has only 1024 MiB free/],
  ['port-in-use', 'error', { listeningPorts: [22, 2380] }, /Port 2380 is already in use on server-1/],
  [
    'node-ip-elsewhere',
    'error',
    { addresses: ['10.0.0.11', 'fd00::11'] },
    /server-1 has no address 10\.9\.9\.9, which the file gives it as node-ip/,
    withConfig({ 'node-ip': '10.9.9.9,FD00:0::11' }),
  ],
  [
    'node-ip-elsewhere',
    'error',
    {},
    /server-1 has no interface bond0, which the file names as flannel-iface/,
    withConfig({ 'flannel-iface': 'bond0' }),
  ],
  [
    'address-of-another',
    'error',
    { addresses: ['10.0.0.11', '10.0.0.12'] },
    /server-1 has 10\.0\.0\.12 on an interface, the address of server-2/,
  ],
  ['hostname-duplicate', 'error', { hostname: 'SERVER-2' }, /would all be called "server-2"/, unnamed()],
  [
    'hostname-unusable',
    'error',
    { hostname: 'localhost.localdomain' },
    /is called "localhost\.localdomain"/,
    unnamed(),
  ],
  ['hostname-unusable', 'error', { hostname: 'my_server' }, /is called "my_server"/, unnamed()],
  [
    'network-overlap',
    'error',
    network({ routes: [{ to: '10.42.7.0/24', through: 'tun0' }] }),
    /server-1 has a route into the pod network 10\.42\.0\.0\/16: 10\.42\.7\.0\/24 through tun0/,
  ],
  [
    'network-overlap',
    'error',
    network({ routes: [{ to: '172.17.0.0/16', through: 'docker0' }] }),
    /into the service network 172\.16\.0\.0\/12: 172\.17\.0\.0\/16 through docker0/,
    withConfig({ 'service-cidr': '172.16.0.0/12' }),
  ],
  [
    'other-kubernetes',
    'error',
    { remains: { units: new Map([['kubelet.service', 'active']]), folders: [], podInterfaces: [] } },
    /server-1 runs another Kubernetes: kubelet\.service/,
  ],
  [
    'other-kubernetes',
    'warning',
    { remains: { units: new Map(), folders: ['/var/lib/rancher/rke2'], podInterfaces: [] } },
    /server-1 has remains of another Kubernetes: \/var\/lib\/rancher\/rke2/,
  ],
  [
    'pod-network-remains',
    'warning',
    { remains: { units: new Map(), folders: [], podInterfaces: ['cni0'] } },
    /server-1 has interfaces of an earlier network of pods, and no K3s: cni0/,
  ],
  ['host-undersized', 'warning', { cpus: 1 }, /server-1 is smaller than K3s asks for \(1 CPU/],
  [
    'certificate-ends-soon',
    'warning',
    ending(9),
    /A certificate of server-1 lasts until \d{4}-\d\d-\d\d, in 9 days: agent\/client-kubelet\.crt/,
  ],
  ['certificate-ends-soon', 'warning', ending(-1), /A certificate of server-1 has ended since \d{4}-\d\d-\d\d/],
  ['clock-skew', 'warning', { time: 1_790_000_000 - 31 }, /The clock of server-1 is 31 s away/],
  ['firewall-rules-missing', 'warning', { firewallRules: FIREWALL }, /server-1 has ufw active, which lacks 13 rules/],
  [
    'firewall-flushes-on-reload',
    'warning',
    { firewallRules: { ...FIREWALL, tool: 'firewalld', otherwise: 'accept', flushes: true } },
    /On server-1 a reload of firewalld throws away/,
  ],
  [
    'selinux-policy-missing',
    'warning',
    { ...system({ selinux: 'Enforcing' }), units: runningUnit('server') },
    /SELinux is enforcing on server-1, and the policy of K3s/,
  ],
  ['apparmor-parser-missing', 'warning', system({ appArmorParser: false }), /The kernel of server-1 has AppArmor on/],
  ['kernel-old', 'warning', system({ kernel: '4.18.0-80' }), /server-1 runs the kernel 4\.18\.0-80/],
  ['kernel-module-missing', 'warning', system({ missingModules: ['vxlan'] }), /of server-1 has no module vxlan/],
  ['nm-cloud-setup', 'warning', system({ nmCloudSetup: true }), /nm-cloud-setup is enabled on server-1/],
  ['iptables-buggy', 'warning', system({ iptables: '1.8.4' }), /server-1 has iptables 1\.8\.4/],
  ['name-server-missing', 'warning', network({ nameServers: [] }), /server-1 has no name server/],
  ['name-server-missing', 'warning', network({ nameServers: ['127.0.0.53'] }), /server-1 asks only itself for names/],
  [
    'distribution-unknown',
    'info',
    { ...system({ distribution: ['nixos'] }), os: 'NixOS 25.05' },
    /server-1 runs NixOS/,
  ],
  ['distribution-unknown', 'info', system({ distribution: [] }), /server-1 does not say which distribution it runs/],
  ['clock-unsynchronised', 'info', system({ clockSynchronised: false }), /The clock of server-1 is not kept in step/],
  ['swap-on', 'info', system({ swapKiB: 2_097_152 }), /server-1 has 2048 MiB of swap; a server that swaps/],
  [
    'multi-homed-no-node-ip',
    'info',
    network({ links: [...NETWORK.links, { name: 'eth1', address: '192.168.0.5', leased: false }] }),
    /server-1 is in several networks \(eth0 10\.0\.0\.11 and eth1 192\.168\.0\.5\)/,
  ],
  [
    'leased-server-address',
    'info',
    network({ links: [{ name: 'eth0', address: '10.0.0.11', leased: true }] }),
    /server-1 has its address 10\.0\.0\.11 on eth0 by DHCP/,
  ],
];

/** A machine whose certificate ends in so many days. */
function ending(days: number): Seen {
  const ends = (1_790_000_000 + days * 86_400) * 1000;
  return { certificates: [{ path: 'agent/client-kubelet.crt', serial: 'a1', ends, written: 0 }] };
}

/** One server behind HAProxy on two machines of their own. */
function balanced(): Cluster {
  return {
    ...clusterOf({ servers: 1, agents: 0 }),
    loadBalancer: {
      type: 'haproxy',
      address: '10.0.0.100',
      port: 8443,
      nodes: ['10.0.0.5', '10.0.0.6'].map((address, i) => ({
        id: `lb-${i + 1}`,
        host: address,
        address,
        ssh: { identityFiles: [] },
        path: ['loadBalancer', 'nodes', i],
      })),
    },
  };
}

/** The same machines, called by nothing but their host names. */
function unnamed(): Cluster {
  const { servers, ...rest } = clusterOf();
  return { ...rest, servers: servers.map(({ name: _, ...node }) => node) };
}

describe('the checks of hosts', () => {
  it('are the files of their folder, named as their ids, each once', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../src/core/hostChecks/checks'));
    const inCamelCase = (id: string): string => id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(HOST_CHECKS.map(({ id }) => inCamelCase(id)).sort()).toEqual(
      files.map((file) => basename(file, '.ts')).sort(),
    );
    expect(HOST_CHECKS.map(({ id }) => id)).toEqual(HOST_CHECK_IDS);
  });

  it('have ids that no rule of the file has, a page to fill, and what proves it', () => {
    const ids = RULES.map(({ id }) => id);
    expect(HOST_CHECK_IDS.filter((id) => ids.includes(id))).toEqual([]);
    for (const { id, title, rationale, sources } of HOST_CHECKS) {
      expect([id, /^[A-Z][^.]+$/i.test(title)]).toEqual([id, true]);
      expect([id, rationale.length > 80, sources.length > 0]).toEqual([id, true, true]);
      const page = readFileSync(join(import.meta.dirname, `../../../docs/checks/${id}.md`), 'utf8');
      expect(page).toContain(`# ${title}\n\n\`${id}\``);
    }
  });

  it('find nothing on plain machines, and nothing where a machine tells only what it told before them', () => {
    expect(look({})).toEqual([]);
    const cluster = clusterOf();
    const facts = new Map([...cluster.servers, ...cluster.agents].map(({ id }) => [id, freshHost(id)]));
    expect(checkHosts({ cluster, facts, unreachable: new Map() })).toEqual([]);
  });

  for (const [id, severity, seen, words, cluster] of FOUND)
    it(`find ${id} (${severity}): ${words.source}`, () => {
      const found = look({ 'server-1': seen, '10.0.0.11': seen, '10.0.0.12': { hostname: 'server-2' } }, cluster);
      const [finding, ...more] = found.filter((one) => one.id === id);
      expect(more.filter(({ machine }) => machine === finding?.machine)).toEqual([]);
      expect(finding).toMatchObject({ severity });
      expect(finding?.message.replaceAll('10.0.0.11 is', 'server-1 is')).toMatch(words);
      for (const step of finding?.nextSteps ?? []) expect(step).toMatch(/^[A-Z][^]*\.$/);
      if (severity !== 'warning' || id !== 'no-default-route') expect(finding?.nextSteps).not.toEqual([]);
    });

  it('find a machine that cannot be examined, with the reason and the way on', () => {
    const why = problem('ssh-timeout', '10.0.0.11 does not answer', { why: 'timed out', nextSteps: ['Look.'] });
    const cluster = clusterOf({ servers: 1, agents: 0 });
    expect(checkHosts({ cluster, facts: new Map(), unreachable: new Map([['server-1', why]]) })).toEqual([
      {
        id: 'host-not-examined',
        severity: 'error',
        machine: 'server-1',
        message: 'server-1: 10.0.0.11 does not answer',
        why: 'timed out',
        nextSteps: ['Look.'],
      },
    ]);
  });

  it('find clones of one image', () => {
    const clone = system({ machineId: 'a1' });
    expect(look({ 'server-2': clone, 'agent-1': clone, 'agent-2': system({ machineId: 'b2' }) })).toMatchObject([
      { id: 'machine-id-duplicate', machine: 'server-2', message: expect.stringContaining('server-2 and agent-1') },
    ]);
  });

  it('find a machine of the load balancer without an interface for the address, and its firewall', () => {
    const cluster = balanced();
    const facts = new Map(
      ['lb-1', 'lb-2'].map((id) => [
        id,
        {
          ...host(id),
          firewallRules: FIREWALL,
          balancer: {
            programs: [],
            versions: new Map(),
            units: new Map(),
            files: new Map(),
            installed: [],
            interfaces: [{ name: 'eth0', address: id === 'lb-1' ? '10.0.0.5' : '192.168.7.6', prefix: 24 }],
            drained: [],
          },
        },
      ]),
    );
    const found = checkHosts({ cluster, facts, unreachable: new Map() });
    expect(found.map(({ id, machine }) => `${id} ${machine}`)).toEqual([
      'balancer-interface-unknown lb-2',
      'firewall-rules-missing lb-1',
      'firewall-rules-missing lb-2',
    ]);
    expect(found[0]).toMatchObject({
      severity: 'error',
      message: 'No interface of lb-2 is in the network of 10.0.0.100',
      nextSteps: ['Its interfaces are eth0: write the right one under loadBalancer.interface.'],
    });
    expect(found[1]?.details).toEqual(['ufw allow 8443/tcp', 'ufw allow from 10.0.0.6']);
  });

  it('are all provoked here', () => {
    // Those of disks, ports, names, tunnels and of the cluster itself are provoked in test/unit/engine/checks/tryPorts.test.ts.
    const elsewhere = [
      'port-unreachable',
      'port-not-tried',
      'etcd-slow-disk',
      'name-unknown',
      'endpoints-differ',
      'tunnel-lost',
      'other-operator',
    ];
    const provoked = new Set([
      ...FOUND.map(([id]) => id),
      'host-not-examined',
      'machine-id-duplicate',
      'balancer-interface-unknown',
      ...elsewhere,
    ]);
    expect(HOST_CHECK_IDS.filter((id) => !provoked.has(id))).toEqual([]);
  });

  it('tell the worst first', () => {
    const found = look({ 'server-1': { ...system({ swapKiB: 1024 }), cpus: 1, arch: 'i686' } });
    expect(found.map(({ severity }) => severity)).toEqual(['error', 'warning', 'info']);
  });
});

describe('what is no finding', () => {
  it.each([
    [
      'ports and room of a K3s that is installed',
      { units: runningUnit('server'), diskFreeKiB: 1, listeningPorts: [6443] },
    ],
    ['room that nobody could measure', { diskFreeKiB: 0 }],
    ['another port', { listeningPorts: [22, 443, 10_251] }],
    ['a clock within half a minute', { time: 1_790_000_030 }],
    ['two gigabytes as machines report them', { memoryKiB: 1_900_000 }],
    ['a kernel of RHEL 8', system({ kernel: '4.18.0-553.el8_10.x86_64' })],
    ['iptables that was mended', system({ iptables: '1.8.5' })],
    ['SELinux whose policy the install script brings', system({ selinux: 'Enforcing' })],
    ['a route of the network of pods itself', network({ routes: [{ to: '10.42.0.0/24', through: 'cni0' }] })],
    [
      'networks of containers',
      network({ links: [...NETWORK.links, { name: 'docker0', address: '172.17.0.1', leased: false }] }),
    ],
    ['cgroup v1 under a K3s that runs', { ...system({ cgroups: 1 }), units: runningUnit('server') }],
    [
      'an address that is leased beside the one that the others use',
      network({ links: [...NETWORK.links, { name: 'eth0', address: '10.8.0.1', leased: true }] }),
    ],
  ] as const)('%s', (_, seen) => {
    expect(look({ 'server-1': seen })).toEqual([]);
  });

  it('cgroup v1 before kubelet refused it, or where it is told not to', () => {
    const seen = { 'server-1': system({ cgroups: 1 }) };
    expect(look(seen, clusterOf({ version: 'v1.34.5+k3s1' }))).toEqual([]);
    expect(look(seen, withConfig({ 'kubelet-arg': ['fail-cgroupv1=false'] }))).toEqual([]);
    expect(look(seen, withConfig({ 'kubelet-arg': ['max-pods=200'] }))).toHaveLength(1);
  });

  it('a port of etcd where the data is elsewhere, but the port of the API that the file names', () => {
    const cluster = clusterOf({
      datastore: { type: 'mysql', endpoint: 'mysql://u:p@tcp(10.0.0.9:3306)/k3s' },
      serverConfig: { 'https-listen-port': 7443 },
    });
    const found = look({ 'server-1': { listeningPorts: [2379, 2380, 6443, 7443] } }, cluster);
    expect(found.map(({ message }) => /Port (\d+)/.exec(message)?.[1])).toEqual(['7443']);
  });
});

describe('a port that others do not reach', () => {
  const mendable = (firewallRules: FirewallFacts | undefined, manages = true) => {
    const cluster: Cluster = {
      ...clusterOf({ servers: 1, agents: 1 }),
      ...(manages ? { firewall: 'manage' as const } : {}),
    };
    const seen = firewallRules === undefined ? {} : { firewallRules };
    const facts = new Map([
      ['server-1', host('server-1', seen)],
      ['agent-1', host('agent-1')],
    ]);
    const shut = [{ machine: 'server-1', port: 'tcp:6443' as const, from: ['agent-1'], refused: false }];
    return checkHosts({ cluster, facts, unreachable: new Map(), mesh: { shut, untried: new Map() } })
      .filter(({ id }) => id === 'port-unreachable')
      .map((finding) => finding.mendable === true);
  };

  it('keeps no plan from beginning that opens it, and any other one', () => {
    expect(mendable(FIREWALL)).toEqual([true]);
    expect(mendable(FIREWALL, false)).toEqual([false]);
    expect(mendable(undefined)).toEqual([false]);
    expect(mendable({ ...FIREWALL, tool: 'filter' })).toEqual([false]);
    expect(mendable({ ...FIREWALL, allowed: [{ protocol: 'tcp', ports: [6443, 6443] }] })).toEqual([false]);
  });
});

describe('the firewall', () => {
  const missing = (allowed: FirewallFacts['allowed'], cluster = clusterOf({ servers: 3, agents: 1 })) =>
    look({ 'server-1': { firewallRules: { ...FIREWALL, allowed } } }, cluster).find(
      ({ id }) => id === 'firewall-rules-missing',
    )?.details ?? [];

  it('has to let in each port from the machines that use it, and the networks of pods and services', () => {
    expect(missing([])).toEqual([
      'ufw allow 6443/tcp',
      'ufw allow proto tcp from 10.0.0.12 to any port 2379:2380',
      'ufw allow proto tcp from 10.0.0.13 to any port 2379:2380',
      ...['10.0.0.12', '10.0.0.13', '10.0.1.11'].map((from) => `ufw allow proto tcp from ${from} to any port 10250`),
      ...['10.0.0.12', '10.0.0.13', '10.0.1.11'].map((from) => `ufw allow proto udp from ${from} to any port 8472`),
      'ufw allow from 10.42.0.0/16',
      'ufw allow from 10.43.0.0/16',
    ]);
  });

  it('is not told to let in what a wider rule does', () => {
    expect(
      missing([
        { protocol: 'tcp', ports: [6000, 7000] },
        { protocol: 'tcp', ports: [2379, 2380], from: '10.0.0.0/24' },
        { protocol: 'any', ports: [10_250, 10_250] },
        { protocol: 'udp', ports: [8472, 8472], from: '10.0.0.12' },
        { protocol: 'any', from: '10.42.0.0/15' },
      ]),
    ).toEqual(['10.0.0.13', '10.0.1.11'].map((from) => `ufw allow proto udp from ${from} to any port 8472`));
  });

  it('is not satisfied by a part of the ports, another protocol, or fewer sources', () => {
    const all = missing([]);
    expect(
      missing([
        { protocol: 'udp', ports: [6443, 6443] },
        { protocol: 'tcp', ports: [2379, 2379] },
        { protocol: 'tcp', ports: [6443, 6443], from: '10.0.0.0/8' },
        { protocol: 'any', from: '10.42.0.0/24' },
      ]),
    ).toEqual(all);
  });

  it('needs the ports of the backend and of the registry that the file chooses', () => {
    const cluster = clusterOf({
      servers: 1,
      agents: 1,
      datastore: { type: 'sqlite' },
      serverConfig: { 'flannel-backend': 'wireguard-native', 'embedded-registry': true },
    });
    expect(missing([], cluster).map((line) => /port (\S+)/.exec(line)?.[1] ?? line)).toEqual([
      'ufw allow 6443/tcp',
      '10250',
      '51820:51821',
      '5001',
      'ufw allow from 10.42.0.0/16',
      'ufw allow from 10.43.0.0/16',
    ]);
  });

  it('is left to a provisioning where the file says so, but for filters that no tool stands for', () => {
    const cluster: Cluster = { ...clusterOf({ servers: 1, agents: 1 }), firewall: 'manage' };
    const found = (tool: FirewallFacts['tool']) =>
      look({ 'agent-1': { firewallRules: { ...FIREWALL, tool } } }, cluster);
    expect(found('ufw')).toMatchObject([
      { id: 'firewall-rules-missing', severity: 'info', nextSteps: ['Provision the cluster: that adds them.'] },
    ]);
    expect(found('filter')).toMatchObject([{ id: 'firewall-rules-missing', severity: 'warning' }]);
  });

  it('believes a host one address of its own, and never a network', () => {
    const cluster = clusterOf({
      servers: 2,
      agents: 0,
      datastore: { type: 'mysql', endpoint: 'mysql://u:p@tcp(10.0.0.9)/k' },
    });
    const [first, second] = cluster.servers;
    if (first === undefined || second === undefined) throw new Error('no servers');
    const named: Cluster = { ...cluster, servers: [first, { ...second, address: 'two.example.com' }] };
    const found = look(
      { 'server-1': { firewallRules: FIREWALL }, 'server-2': { addresses: ['0.0.0.0/0', 'any to any', '10.0.0.12'] } },
      named,
    ).find(({ id }) => id === 'firewall-rules-missing');
    expect(found?.details?.[1]).toBe('ufw allow proto tcp from 10.0.0.12 to any port 10250');
    expect(JSON.stringify(found)).not.toContain('0.0.0.0/0');
  });

  it('of firewalld is told twice, for now and for later; what no tool stands for is listed as it is needed', () => {
    const details = (tool: FirewallFacts['tool']) =>
      look({ 'agent-1': { firewallRules: { ...FIREWALL, tool } } }, clusterOf({ servers: 1, agents: 1 }))[0]?.details;
    expect(details('firewalld')?.slice(0, 2)).toEqual([
      `firewall-cmd --add-rich-rule='rule family="ipv4" source address="10.0.0.11" port port="10250" protocol="tcp" accept'`,
      `firewall-cmd --permanent --add-rich-rule='rule family="ipv4" source address="10.0.0.11" port port="10250" protocol="tcp" accept'`,
    ]);
    expect(details('filter')).toEqual([
      '10250/tcp from 10.0.0.11',
      '8472/udp from 10.0.0.11',
      'everything from 10.42.0.0/16',
      'everything from 10.43.0.0/16',
    ]);
  });
});

/** What a server tells of the running cluster. */
const marked = (seen: Partial<ClusterMarks>): NonNullable<HostLook['marks']> => ({
  through: 'server-1',
  seen: { endpoints: [], plans: [], workloads: [], manualLock: false, ...seen },
});

describe('others who change releases or reboot', () => {
  const cluster = clusterOf({ version: 'v1.36.4+k3s1' });
  const told = (seen: Partial<ClusterMarks>): readonly string[] =>
    checkHosts({ cluster, facts: new Map(), unreachable: new Map(), marks: marked(seen) })
      .filter(({ id }) => id === 'other-operator')
      .map(({ severity, message }) => `${severity}: ${message}`);
  const controller = { name: 'system-upgrade/system-upgrade-controller', images: [], pods: 1 };
  const plan = { name: 'system-upgrade/server', version: 'v1.35.5+k3s1', applying: [] };

  it('are a plan for another release whose controller runs, and one that is at work', () => {
    expect(told({ plans: [plan], workloads: [controller] })).toEqual([
      'warning: The plan system-upgrade/server of system-upgrade-controller keeps nodes at v1.35.5+k3s1, and the cluster is to have v1.36.4+k3s1',
    ]);
    expect(told({ plans: [plan], workloads: [{ ...controller, pods: 0 }] })).toEqual([]);
    expect(told({ plans: [{ ...plan, version: 'v1.36.4-k3s1' }], workloads: [controller] })).toEqual([]);
    expect(told({ plans: [{ ...plan, version: 'v1.36.4-k3s1', applying: ['server-2'] }] })).toEqual([
      'warning: The plan system-upgrade/server of system-upgrade-controller is at work on server-2',
    ]);
  });

  it('are kured as an information, unless a person holds it', () => {
    const kured = { name: 'kube-system/kured', images: [], pods: 3 };
    expect(told({ workloads: [kured] })).toEqual(['info: kube-system/kured reboots nodes of this cluster by itself']);
    expect(told({ workloads: [kured], manualLock: true })).toEqual([]);
  });
});

describe('the Endpoints default/kubernetes', () => {
  const cluster = clusterOf();
  const facts = new Map(cluster.servers.map(({ id }) => [id, host(id, { units: runningUnit('server') })] as const));
  const told = (...addresses: readonly string[]): readonly string[] =>
    checkHosts({ cluster, facts, unreachable: new Map(), marks: marked({ endpoints: addresses }) })
      .filter(({ id }) => id === 'endpoints-differ')
      .map(({ machine, message }) => `${machine}: ${message}`);

  it('are the servers', () => expect(told('10.0.0.11', '10.0.0.12', '10.0.0.13')).toEqual([]));

  it('of a balancer hide the servers, although one of them carries its address', () => {
    facts.set('server-1', { ...host('server-1', { units: runningUnit('server') }), addresses: ['10.0.0.100'] });
    expect(told('10.0.0.100')).toEqual([
      'server-1: The Endpoints default/kubernetes are not the servers: 10.0.0.100 belongs to no server, and server-1, server-2 and server-3 are missing.',
    ]);
  });

  it('name one that is gone, and one that is missing', () =>
    expect(told('10.0.0.11', '10.0.0.12', '10.0.0.66')).toEqual([
      'server-3: The Endpoints default/kubernetes are not the servers: 10.0.0.66 belongs to no server, and server-3 is missing.',
    ]));

  it('of a cluster of which not all servers were seen accuse nobody', () => {
    facts.delete('server-3');
    expect(told('10.0.0.11', '10.0.0.12', '10.0.0.66')).toEqual([]);
  });
});
