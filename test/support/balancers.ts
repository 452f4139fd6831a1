import { normalise } from '../../src/core/cluster/normalise';
import type { Cluster } from '../../src/core/cluster/cluster';
import { balancerMachines } from '../../src/core/cluster/roles';
import type { BalancerFacts } from '../../src/core/facts/balancerFacts';
import type { HostFacts } from '../../src/core/facts/probe';
import { desiredBalancers } from '../../src/engine/planning/balancers';
import type { DesiredFile } from '../../src/engine/planning/desiredFiles';
import { freshHost } from './cluster';
import { contentFor, provisionedFacts, TOKEN } from './plans';

interface Shape {
  readonly type?: 'haproxy' | 'nginx';
  readonly balancers?: readonly unknown[];
  readonly more?: Readonly<Record<string, unknown>>;
  readonly serverConfig?: Readonly<Record<string, unknown>>;
}

/** Three servers and an agent behind a load balancer that K3s HA installs, on lb-1 and lb-2 unless a test says otherwise. */
export function balancedCluster({ type = 'haproxy', balancers, more = {}, serverConfig = {} }: Shape = {}): Cluster {
  return normalise({
    metadata: { name: 'edge' },
    k3s: { version: 'v1.36.3+k3s1' },
    loadBalancer: {
      address: '10.0.0.100',
      type,
      nodes: balancers ?? [
        { host: '10.0.0.5', name: 'lb-1' },
        { host: '10.0.0.6', name: 'lb-2' },
      ],
      ...more,
    },
    datastore: { type: 'embedded-etcd' },
    token: '${secret:edge-token}',
    servers: {
      config: { 'tls-san': ['10.0.0.100'], ...serverConfig },
      nodes: [1, 2, 3].map((i) => ({ host: `10.0.0.${10 + i}`, name: `server-${i}` })),
    },
    agents: { nodes: [{ host: '10.0.1.11', name: 'agent-1' }] },
  });
}

/** What the probe sees of the load balancer on a fresh Debian host. */
export function freshBalancer(address: string, more: Partial<BalancerFacts> = {}): BalancerFacts {
  return {
    manager: 'apt-get',
    programs: [],
    versions: new Map(),
    units: new Map(),
    files: new Map(),
    installed: [],
    interfaces: [{ name: 'eth0', address, prefix: 24 }],
    drained: [],
    addressAnswers: false,
    ...more,
  };
}

/** Machines of the load balancer on which nothing is installed, beside those that the test has. */
export function withFreshBalancers(cluster: Cluster, facts: Map<string, HostFacts>): Map<string, HostFacts> {
  for (const { id, address } of balancerMachines(cluster))
    facts.set(id, { ...(facts.get(id) ?? freshHost(id)), balancer: freshBalancer(address) });
  return facts;
}

/** A cluster that runs behind its load balancer, all as the file says. */
export function balancedFacts(cluster: Cluster): Map<string, HostFacts> {
  const facts = withFreshBalancers(cluster, provisionedFacts(cluster));
  const secrets = { text: (written: string) => written.replaceAll(/\$\{[^}]*\}/g, TOKEN), masks: [] };
  for (const [id, { parts, proxy }] of desiredBalancers(cluster, facts, secrets)) {
    const seen = facts.get(id) ?? freshHost(id);
    const files = parts.flatMap(({ config, dropIn }) => (dropIn === undefined ? [config] : [config, dropIn]));
    const balancer: BalancerFacts = {
      ...freshBalancer(''),
      ...seen.balancer,
      programs: [...parts.map(({ unit }) => unit), proxy === 'haproxy' ? 'socat' : 'nginx-stream'],
      units: new Map(parts.map(({ unit }) => [unit, { active: 'active', enabled: true }])),
      files: new Map(files.map(({ path, text }) => [path, text])),
    };
    facts.set(id, { ...seen, balancer });
  }
  for (const [id, { files }] of contentFor(cluster))
    for (const file of files) facts.set(id, withPlaced(facts, id, file));
  return facts;
}

function withPlaced(facts: ReadonlyMap<string, HostFacts>, id: string, file: DesiredFile): HostFacts {
  const { to, sha256, mode, restart, text } = file;
  const seen = facts.get(id) ?? freshHost(id);
  const own = { kind: 'file', sha256, mode, owner: 'root:root', ids: '0:0', size: file.input.size } as const;
  return {
    ...seen,
    files: new Map([...seen.files, [to, { ...own, ...(text === undefined ? {} : { text }) }]]),
    placed: new Map([...seen.placed, [to, { sha256: [sha256], restart }]]),
  };
}
