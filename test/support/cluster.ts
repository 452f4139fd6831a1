import type { HostFacts } from '../../src/core/facts/probe';
import { normalise } from '../../src/core/cluster/normalise';
import type { Cluster } from '../../src/core/cluster/cluster';

interface Shape {
  readonly servers?: number;
  readonly agents?: number;
  readonly datastore?: Record<string, unknown>;
  readonly version?: string;
  readonly serverConfig?: Record<string, unknown>;
}

/** A cluster as the file `servers: server-1 …, agents: agent-1 …` gives it. */
export function clusterOf({
  servers = 3,
  agents = 2,
  datastore = { type: 'embedded-etcd' },
  version = 'v1.36.3+k3s1',
  serverConfig = {},
}: Shape = {}): Cluster {
  const nodes = (role: string, count: number, subnet: number): unknown[] =>
    Array.from({ length: count }, (_, i) => ({ host: `10.0.${subnet}.${11 + i}`, name: `${role}-${i + 1}` }));
  return normalise({
    apiVersion: 'k3s-ha/v1',
    kind: 'Cluster',
    metadata: { name: 'edge' },
    k3s: { version },
    loadBalancer: { address: '10.0.0.100', port: 6443, type: 'external' },
    datastore,
    token: '${secret:edge-token}',
    servers: { config: { 'tls-san': ['10.0.0.100'], ...serverConfig }, nodes: nodes('server', servers, 0) },
    agents: { nodes: nodes('agent', agents, 1) },
  });
}

/** What the probe sees on a fresh Debian host. */
export function freshHost(id: string): HostFacts {
  return {
    arch: 'x86_64',
    os: 'Debian GNU/Linux 12 (bookworm)',
    hostname: id,
    bootId: `boot-${id}`,
    time: 1_790_000_000,
    init: 'systemd',
    cpus: 4,
    memoryKiB: 4_000_000,
    diskFreeKiB: 20_000_000,
    addresses: [],
    defaultRoute: true,
    listeningPorts: [22],
    memoryCgroup: true,
    firewall: 'none',
    units: {},
    restartPending: false,
    aside: false,
    dropIns: new Map(),
    tooLarge: [],
    etcdData: false,
    sqliteData: false,
    serverToken: false,
    certificateNames: [],
    certificates: [],
    files: new Map(),
    placed: new Map(),
  };
}

/** A unit of K3s as the install script makes it, running. */
export function runningUnit(role: 'server' | 'agent'): HostFacts['units'] {
  const unit = {
    active: 'active',
    sub: 'running',
    restarts: 0,
    enabled: true,
    invocation: 'first',
    command: [role],
    environment: {},
  };
  return role === 'server' ? { k3s: unit } : { 'k3s-agent': unit };
}
