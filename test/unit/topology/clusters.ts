import type { NodeRole } from '../../../src/core/k3s/nodeRole';
import type { Cluster, ClusterNode, ConfigValue, Datastore, LoadBalancer } from '../../../src/core/cluster/cluster';

interface NodeOptions {
  readonly zone?: string;
  readonly config?: Record<string, ConfigValue>;
}

export const ADDRESS = '10.0.0.100';

export function node(role: NodeRole, index: number, options: NodeOptions = {}): ClusterNode {
  const host = role === 'server' ? `10.0.0.${10 + index}` : `10.0.${1 + Math.floor(index / 250)}.${(index % 250) + 1}`;
  const id = `${role}-${index}`;
  const config = { ...(role === 'server' ? { 'tls-san': [ADDRESS] } : {}), ...options.config };
  return {
    role,
    id,
    name: id,
    host,
    address: host,
    ssh: { identityFiles: [] },
    config,
    path: [`${role}s`, 'nodes', index - 1],
    ...(options.zone === undefined ? {} : { zone: options.zone }),
  };
}

export function nodes(role: NodeRole, n: number, options: (index: number) => NodeOptions = () => ({})): ClusterNode[] {
  return Array.from({ length: n }, (_, i) => node(role, i + 1, options(i + 1)));
}

type BalancerOptions = Partial<Omit<LoadBalancer, 'nodes'>> & { readonly nodes?: readonly string[] };

export function balancer({ nodes: hosts = [], ...change }: BalancerOptions = {}): LoadBalancer {
  const machines = hosts.map((host, index) => ({
    id: host,
    host,
    address: host,
    ssh: { identityFiles: [] },
    path: ['loadBalancer', 'nodes', index],
  }));
  return { address: ADDRESS, port: 6443, type: 'external', ...change, nodes: machines };
}

export function cluster(change: Partial<Cluster> = {}): Cluster {
  return {
    name: 'edge',
    k3s: { version: 'v1.36.3+k3s1', install: { method: 'script', scriptUrl: 'https://get.k3s.io', env: {} } },
    loadBalancer: balancer(),
    datastore: { type: 'embedded-etcd', path: ['datastore'] },
    servers: nodes('server', 3),
    agents: [],
    ...change,
  };
}

export function without<K extends keyof Cluster>(source: Cluster, key: K): Cluster {
  const copy = { ...source };
  delete (copy as Partial<Cluster>)[key];
  return copy;
}

const mysql: Datastore = {
  type: 'mysql',
  endpoint: 'mysql://ksd:hunter2pass@tcp(rm-x.mysql.rds.aliyuncs.com:3306)/k3s',
  path: ['datastore'],
};
const etcd: Datastore = {
  type: 'etcd',
  endpoint: 'https://10.0.9.1:2379,https://10.0.9.2:2379,https://10.0.9.3:2379',
  path: ['datastore'],
};
export const thirds = (index: number): { zone: string } => ({ zone: `rack-${'abc'[(index - 1) % 3]}` });

/** One cluster for every kind of picture. */
export const CLUSTERS: Record<string, Cluster> = {
  'embedded-3': cluster({ agents: nodes('agent', 4) }),
  'embedded-5-zones': cluster({ servers: nodes('server', 5, thirds), agents: nodes('agent', 342, (i) => thirds(i)) }),
  'two-zones': cluster({
    loadBalancer: balancer({ type: 'haproxy', nodes: ['lb-1', 'lb-2'] }),
    servers: nodes('server', 3, (i) => ({ zone: i === 3 ? 'rack-b' : 'rack-a' })),
    agents: nodes('agent', 9, (i) => ({ zone: i < 5 ? 'rack-a' : 'rack-b' })),
  }),
  'mysql-slb': cluster({ datastore: mysql, servers: nodes('server', 2), agents: nodes('agent', 40) }),
  'external-etcd': cluster({
    datastore: etcd,
    loadBalancer: balancer({ type: 'kube-vip' }),
    servers: nodes('server', 2),
    agents: nodes('agent', 3),
  }),
  single: without(
    cluster({ datastore: { type: 'sqlite' }, servers: nodes('server', 1), agents: nodes('agent', 2) }),
    'loadBalancer',
  ),
  pinned: cluster({ agents: nodes('agent', 8, () => ({ config: { server: 'https://10.0.0.11:6443' } })) }),
  large: cluster({ agents: nodes('agent', 1000) }),
};
