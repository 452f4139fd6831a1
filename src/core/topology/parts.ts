import { later, said, say } from '../base/say';
import type { Path } from '../base/path';
import { count } from '../base/words';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { etcdMembers, nodesOf } from '../cluster/roles';
import { datastoreOfType } from '../datastore/registry';
import { shownEndpoints } from './endpoints';
import {
  BALANCER,
  CLIENTS,
  addressPart,
  agentPart,
  agentsPart,
  balancerHostPart,
  datastorePart,
  memberPart,
  serverPart,
  sqlitePart,
  zonePart,
} from './ids';
import type { Part } from './model';
import { zonePairs } from './partition';
import { registrationTarget, serverOnHost, zonesOf } from './roles';

/** A part before findings are placed on it. */
export type PartDraft = Omit<Part, 'marks'>;

const BALANCER_DETAIL = {
  external: later`external load balancer`,
  haproxy: 'HAProxy',
  nginx: 'nginx',
  'kube-vip': later`kube-vip, moves between servers`,
  dns: later`DNS, one record per server`,
} as const;

/** Everything of a cluster that can stand in the picture. Agents appear one by one and as one group a zone. */
export function clusterParts(cluster: Cluster): PartDraft[] {
  return [
    ...accessParts(cluster),
    ...serverParts(cluster),
    ...datastoreParts(cluster),
    ...agentParts(cluster),
    ...zoneParts(cluster),
    ...networkParts(cluster),
  ];
}

function accessParts(cluster: Cluster): PartDraft[] {
  const parts: PartDraft[] = [
    { id: CLIENTS, kind: 'clients', label: say`Clients`, detail: say`kubectl, CI, Helm`, path: ['metadata'] },
  ];
  const balancer = cluster.loadBalancer;
  if (balancer !== undefined) {
    const detail =
      balancer.nodes.length > 1
        ? `${said(BALANCER_DETAIL[balancer.type])} + keepalived`
        : said(BALANCER_DETAIL[balancer.type]);
    parts.push({
      id: BALANCER,
      kind: 'load-balancer',
      label: hostPort(balancer.address, balancer.port),
      detail,
      path: ['loadBalancer'],
    });
    balancer.nodes.forEach(({ host, name, path }) => {
      const server = serverOnHost(cluster, host);
      parts.push({
        id: balancerHostPart(host),
        kind: 'balancer-host',
        label: name ?? host,
        detail: server === undefined ? said(BALANCER_DETAIL[balancer.type]) : say`on ${server.id}`,
        path,
        ...(server === undefined ? {} : { nodeId: server.id }),
      });
    });
  }
  for (const agent of cluster.agents) {
    const target = registrationTarget(cluster, agent);
    if (target?.startsWith(addressPart('')) === true && !parts.some((p) => p.id === target)) {
      parts.push({
        id: target,
        kind: 'address',
        label: target.slice(addressPart('').length),
        detail: say`only agents name it`,
        path: agent.path,
      });
    }
  }
  return parts;
}

function serverParts(cluster: Cluster): PartDraft[] {
  return cluster.servers.map((server) => ({
    ...nodeDraft(server),
    id: serverPart(server.id),
    kind: 'server' as const,
  }));
}

function datastoreParts(cluster: Cluster): PartDraft[] {
  const { datastore } = cluster;
  const path: Path = datastore.path ?? ['datastore'];
  if (datastore.type === 'embedded-etcd') {
    return etcdMembers(cluster).map((server) => ({
      ...nodeDraft(server),
      id: memberPart(server.id),
      kind: 'etcd-member' as const,
    }));
  }
  if (datastore.type === 'sqlite') {
    return cluster.servers.map((server) => ({
      ...nodeDraft(server),
      id: sqlitePart(server.id),
      kind: 'sqlite' as const,
      label: say`SQLite`,
      detail: say`file on this server`,
      inside: serverPart(server.id),
    }));
  }
  const { name, label } = datastoreOfType(datastore.type);
  return shownEndpoints(datastore).map((endpoint, i) => ({
    id: datastorePart(i),
    kind: datastore.type === 'etcd' ? ('etcd-member' as const) : ('database' as const),
    label: endpoint.address ?? say`${name} endpoint`,
    detail: said(label),
    path,
  }));
}

function agentParts(cluster: Cluster): PartDraft[] {
  return zonesOf(cluster.agents).flatMap((zone) => {
    const agents = cluster.agents.filter((a) => a.zone === zone);
    const group: PartDraft = {
      id: agentsPart(zone),
      kind: 'agents',
      label: count(agents.length, 'agent'),
      ...span(agents),
      path: agents[0]?.path ?? ['agents'],
      count: agents.length,
      ...(zone === undefined ? {} : { zone }),
    };
    return [
      group,
      ...agents.map((agent) => ({ ...nodeDraft(agent), id: agentPart(agent.id), kind: 'agent' as const })),
    ];
  });
}

/** First and last address of a group, as the file orders them. */
function span(agents: readonly ClusterNode[]): { detail?: string } {
  const first = agents[0];
  const last = agents[agents.length - 1];
  return first === undefined || last === undefined || first === last
    ? {}
    : { detail: `${first.address} … ${last.address}` };
}

function zoneParts(cluster: Cluster): PartDraft[] {
  const nodes = nodesOf(cluster);
  return zonesOf(nodes).flatMap((zone) => {
    const first = nodes.find((node) => node.zone === zone);
    return zone === undefined || first === undefined
      ? []
      : [{ id: zonePart(zone), kind: 'zone' as const, label: zone, zone, path: first.path }];
  });
}

function networkParts(cluster: Cluster): PartDraft[] {
  return zonePairs(cluster).map(({ id, zones }) => ({
    id,
    kind: 'network' as const,
    label: zones.join(' – '),
    detail: say`network between zones`,
    path: [],
    between: zones,
  }));
}

function nodeDraft(node: ClusterNode): Omit<PartDraft, 'id' | 'kind'> {
  const label = node.name ?? node.id;
  return {
    label,
    ...(node.address === label ? {} : { detail: node.address }),
    path: node.path,
    nodeId: node.id,
    ...(node.zone === undefined ? {} : { zone: node.zone }),
  };
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
