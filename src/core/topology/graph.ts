import type { Path } from '../base/path';
import type { Finding } from '../rules/rule';
import type { Cluster, ClusterNode } from '../cluster/cluster';
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
import { placeMarks } from './marks';
import type { Edge, EdgeKind, Part, TopologyGraph } from './model';
import { registrationTarget, serverOnHost, usesOwnBalancer, zonesOf } from './roles';
import { zonePairs } from './partition';
import { count } from '../base/words';
import { API_PORT, apiPort } from '../cluster/options';
import { apiServers, etcdMembers, nodesOf } from '../cluster/roles';
import { datastoreOfType } from '../datastore/registry';

type Draft = Omit<Part, 'marks'>;

const BALANCER_DETAIL = {
  external: 'external load balancer',
  haproxy: 'HAProxy',
  nginx: 'nginx',
  'kube-vip': 'kube-vip, moves between servers',
  dns: 'DNS, one record per server',
} as const;

/**
 * The cluster as parts and the network paths between them, with findings as marks.
 * Agents appear one by one and as one group a zone; edges start at the group.
 */
export function buildGraph(cluster: Cluster, findings: readonly Finding[]): TopologyGraph {
  const drafts = [
    ...accessParts(cluster),
    ...serverParts(cluster),
    ...datastoreParts(cluster),
    ...agentParts(cluster),
    ...zoneParts(cluster),
    ...networkParts(cluster),
  ];
  const { placed, general } = placeMarks(drafts.filter(takesMarks), findings);
  const marks = new Map(placed);
  for (const group of drafts.filter((p) => p.kind === 'agents'))
    marks.set(group.id, groupMarks(cluster, group, placed));
  const parts = drafts.map((draft) => ({ ...draft, marks: marks.get(draft.id) ?? [] }));
  return {
    parts,
    edges: [...accessEdges(cluster), ...datastoreEdges(cluster), ...agentEdges(cluster)],
    marks: general,
  };
}

/** Marks of a node's entry go to the node itself, not to what is drawn with it. */
function takesMarks(part: Draft): boolean {
  if (part.kind === 'etcd-member') return part.nodeId === undefined;
  return (
    part.kind !== 'zone' &&
    part.kind !== 'network' &&
    part.kind !== 'clients' &&
    part.kind !== 'agents' &&
    part.kind !== 'sqlite'
  );
}

function accessParts(cluster: Cluster): Draft[] {
  const parts: Draft[] = [
    { id: CLIENTS, kind: 'clients', label: 'Clients', detail: 'kubectl, CI, Helm', path: ['metadata'] },
  ];
  const balancer = cluster.loadBalancer;
  if (balancer !== undefined) {
    const detail =
      balancer.nodes.length > 1 ? `${BALANCER_DETAIL[balancer.type]} + keepalived` : BALANCER_DETAIL[balancer.type];
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
        detail: server === undefined ? BALANCER_DETAIL[balancer.type] : `on ${server.id}`,
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
        detail: 'only agents name it',
        path: agent.path,
      });
    }
  }
  return parts;
}

function serverParts(cluster: Cluster): Draft[] {
  return cluster.servers.map((server) => ({
    ...nodeDraft(server),
    id: serverPart(server.id),
    kind: 'server' as const,
  }));
}

function datastoreParts(cluster: Cluster): Draft[] {
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
      label: 'SQLite',
      detail: 'file on this server',
      inside: serverPart(server.id),
    }));
  }
  const { name, label } = datastoreOfType(datastore.type);
  return shownEndpoints(datastore).map((endpoint, i) => ({
    id: datastorePart(i),
    kind: datastore.type === 'etcd' ? ('etcd-member' as const) : ('database' as const),
    label: endpoint.address ?? `${name} endpoint`,
    detail: label,
    path,
  }));
}

function agentParts(cluster: Cluster): Draft[] {
  return zonesOf(cluster.agents).flatMap((zone) => {
    const agents = cluster.agents.filter((a) => a.zone === zone);
    const group: Draft = {
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

function zoneParts(cluster: Cluster): Draft[] {
  const nodes = nodesOf(cluster);
  return zonesOf(nodes).flatMap((zone) => {
    const first = nodes.find((node) => node.zone === zone);
    return zone === undefined || first === undefined
      ? []
      : [{ id: zonePart(zone), kind: 'zone' as const, label: zone, zone, path: first.path }];
  });
}

function networkParts(cluster: Cluster): Draft[] {
  return zonePairs(cluster).map(({ id, zones }) => ({
    id,
    kind: 'network' as const,
    label: zones.join(' – '),
    detail: 'network between zones',
    path: [],
    between: zones,
  }));
}

function nodeDraft(node: ClusterNode): Omit<Draft, 'id' | 'kind'> {
  const label = node.name ?? node.id;
  return {
    label,
    ...(node.address === label ? {} : { detail: node.address }),
    path: node.path,
    nodeId: node.id,
    ...(node.zone === undefined ? {} : { zone: node.zone }),
  };
}

function groupMarks(
  cluster: Cluster,
  group: Draft,
  placed: ReadonlyMap<string, readonly Part['marks'][number][]>,
): Part['marks'] {
  const all = cluster.agents.filter((a) => a.zone === group.zone).flatMap((a) => placed.get(agentPart(a.id)) ?? []);
  // Nodes of one range share their findings; the group says each once.
  return [...new Map(all.map((mark) => [`${mark.ruleId}\n${mark.message}`, mark])).values()];
}

function accessEdges(cluster: Cluster): Edge[] {
  const balancer = cluster.loadBalancer;
  if (balancer === undefined)
    return cluster.servers
      .slice(0, 1)
      .map((first) => edge('api', CLIENTS, serverPart(first.id), String(apiPort(cluster, first))));
  const hosts = balancer.nodes.map(({ host }) => balancerHostPart(host));
  const senders = hosts.length > 0 ? hosts : [BALANCER];
  return [
    edge('api', CLIENTS, BALANCER, String(balancer.port)),
    ...hosts.map((host) => edge('api', BALANCER, host, String(balancer.port))),
    ...hosts.slice(1).map((host, i) => edge('vrrp', hosts[i] ?? host, host, '', 'VRRP')),
    ...senders.flatMap((from) =>
      apiServers(cluster).map((server) =>
        edge('forward', from, serverPart(server.id), String(apiPort(cluster, server))),
      ),
    ),
  ];
}

function datastoreEdges(cluster: Cluster): Edge[] {
  const { datastore } = cluster;
  const members = etcdMembers(cluster);
  if (datastore.type === 'embedded-etcd') {
    const voters = new Set(members.map((m) => m.id));
    return [
      ...members.map((m) => edge('datastore', serverPart(m.id), memberPart(m.id), '2379')),
      ...cluster.servers
        .filter((s) => !voters.has(s.id))
        .flatMap((s) => members.map((m) => edge('datastore', serverPart(s.id), memberPart(m.id), '2379'))),
      ...pairs(
        members.map((m) => memberPart(m.id)),
        '2379–2380',
      ),
    ];
  }
  if (datastore.type === 'sqlite') return [];
  const endpoints = shownEndpoints(datastore);
  return [
    ...cluster.servers.flatMap((s) =>
      endpoints.map((e, i) => edge('datastore', serverPart(s.id), datastorePart(i), String(e.port))),
    ),
    ...(datastore.type === 'etcd'
      ? pairs(
          endpoints.map((_, i) => datastorePart(i)),
          '2380',
        )
      : []),
  ];
}

function agentEdges(cluster: Cluster): Edge[] {
  return zonesOf(cluster.agents).flatMap((zone) => {
    const agents = cluster.agents.filter((a) => a.zone === zone);
    const from = agentsPart(zone);
    const targets = new Set(agents.map((a) => registrationTarget(cluster, a)).filter((t) => t !== undefined));
    const port = (target: string): string => {
      const server = cluster.servers.find((s) => serverPart(s.id) === target);
      return String(server !== undefined ? apiPort(cluster, server) : (cluster.loadBalancer?.port ?? API_PORT));
    };
    return [
      ...[...targets].map((to) => edge('registration', from, to, port(to))),
      ...(agents.some((agent) => usesOwnBalancer(cluster, agent))
        ? apiServers(cluster).map((s) => edge('client-lb', from, serverPart(s.id), String(apiPort(cluster, s))))
        : []),
    ];
  });
}

function pairs(ids: readonly string[], port: string): Edge[] {
  return ids.flatMap((a, i) => ids.slice(i + 1).map((b) => edge('peer', a, b, port)));
}

function edge(kind: EdgeKind, from: string, to: string, port: string, protocol: Edge['protocol'] = 'TCP'): Edge {
  return { id: `${kind}:${from}>${to}`, kind, from, to, port, protocol };
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
