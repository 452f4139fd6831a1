import { say } from '../base/say';
import type { Cluster } from '../cluster/cluster';
import { abridge } from './abridge';
import { shownEndpoints } from './endpoints';
import { BALANCER, balancerHostPart, datastorePart, serverPart, zonePart } from './ids';
import type { SinglePoint } from './model';
import { serverOnHost, zonesOf } from './roles';
import { survives } from './survival';
import { count, listed } from '../base/words';
import { apiServers, etcdMembers, quorumOf } from '../cluster/roles';
import { datastoreOfType } from '../datastore/registry';

/** What the cluster survives and what it hangs on, in one line. */
export function verdict(cluster: Cluster): string {
  const servers = cluster.servers.length;
  if (servers === 0) return say`No servers yet: add one to start, three for high availability.`;
  const tolerance = serverTolerance(cluster);
  // What a whole cluster of thousands hangs on shows in its first servers, too; each candidate is played through.
  const points = singlePointsOfFailure(abridge(cluster).cluster);
  const clauses = [
    tolerance === 0 ? fragile(cluster, points) : say`Survives the loss of any ${tolerance} of ${servers} servers`,
  ];
  const zones = zoneClause(cluster, points);
  if (zones !== undefined) clauses.push(zones);
  const others = points.filter((p) => !isServer(p) && !isZone(p));
  const certain = others.filter((p) => p.certain);
  if (certain.length > 0)
    clauses.push(
      say`${listed(certain.map((p) => p.label))} ${certain.length === 1 ? 'is a single point' : 'are single points'} of failure`,
    );
  const trusted = others.filter((p) => !p.certain);
  if (trusted.length > 0) clauses.push(say`relies on ${listed(trusted.map((p) => p.label))} being redundant`);
  return say`${clauses.join(say`; `)}.`;
}

/** How many servers may fail, whichever they are, with the API still answering at the fixed address. */
export function serverTolerance(cluster: Cluster): number {
  const members = etcdMembers(cluster).length;
  const balancerServers = new Set(
    (cluster.loadBalancer?.nodes ?? []).map(({ host }) => serverOnHost(cluster, host)?.id),
  );
  // The smallest number of server failures that takes away one thing the API needs.
  const fatal = [
    apiServers(cluster).length,
    ...(cluster.datastore.type === 'embedded-etcd' ? [members - quorumOf(members) + 1] : []),
    ...(cluster.datastore.type === 'sqlite' || cluster.loadBalancer === undefined ? [1] : []),
    ...(balancerServers.size > 0 && !balancerServers.has(undefined) ? [balancerServers.size] : []),
  ];
  return Math.max(0, Math.min(...fatal) - 1);
}

/** Parts whose failure alone takes the API away from its clients when `down` parts are down already; zones only where the servers have several. */
export function singlePointsOfFailure(cluster: Cluster, down: readonly string[] = []): readonly SinglePoint[] {
  const start = survives(cluster, down);
  if (start.api.outcome === 'no') return [];
  const zones = zonesOf(cluster.servers);
  const candidates = [
    ...balancerCandidates(cluster),
    ...cluster.servers.map((s) => ({ partId: serverPart(s.id), label: s.name ?? s.id, certain: true })),
    ...datastoreCandidates(cluster),
    ...(zones.length > 1
      ? zones.filter((z) => z !== undefined).map((z) => ({ partId: zonePart(z), label: say`zone ${z}`, certain: true }))
      : []),
  ];
  return candidates.flatMap((candidate) => {
    if (start.failed.includes(candidate.partId)) return [];
    const { api } = survives(cluster, [...down, candidate.partId]);
    return api.outcome === 'no' ? [{ ...candidate, reason: api.reason }] : [];
  });
}

type Candidate = Omit<SinglePoint, 'reason'>;

function balancerCandidates(cluster: Cluster): readonly Candidate[] {
  const balancer = cluster.loadBalancer;
  // kube-vip's address lives on the servers; with listed hosts it lives on those.
  if (balancer === undefined || balancer.type === 'kube-vip') return [];
  if (balancer.nodes.length > 0)
    return balancer.nodes.map(({ host, name }) => ({
      partId: balancerHostPart(host),
      label: say`load balancer ${name ?? host}`,
      certain: true,
    }));
  const outside = balancer.type === 'external' || balancer.type === 'dns';
  return [
    {
      partId: BALANCER,
      label: balancer.type === 'dns' ? say`DNS for ${balancer.address}` : say`load balancer ${balancer.address}`,
      certain: !outside,
    },
  ];
}

function datastoreCandidates(cluster: Cluster): readonly Candidate[] {
  const { type } = cluster.datastore;
  if (datastoreOfType(type).home === 'servers') return [];
  const endpoints = shownEndpoints(cluster.datastore);
  const name = type === 'etcd' ? 'etcd' : 'datastore';
  return endpoints.map((e, i) => ({
    partId: datastorePart(i),
    label: `${name} ${e.address ?? 'endpoint'}`,
    certain: endpoints.length > 1,
  }));
}

function fragile(cluster: Cluster, points: readonly SinglePoint[]): string {
  const servers = points.filter(isServer);
  if (cluster.servers.length === 1) return say`One server: the cluster stops with it`;
  if (cluster.loadBalancer === undefined)
    return say`Does not survive the loss of ${cluster.servers[0]?.id}: there is no fixed address`;
  if (cluster.datastore.type === 'sqlite')
    return say`Does not survive the loss of ${cluster.servers[0]?.id}: it alone holds the SQLite file`;
  const members = etcdMembers(cluster).length;
  if (cluster.datastore.type === 'embedded-etcd' && members < 3)
    return say`Does not survive the loss of a server: etcd needs ${members === 2 ? say`both members` : say`its only member`}`;
  return servers.length === 0
    ? say`Does not answer as written`
    : say`Does not survive the loss of ${listed(servers.map((p) => p.label))}`;
}

function zoneClause(cluster: Cluster, points: readonly SinglePoint[]): string | undefined {
  const zones = zonesOf(cluster.servers);
  if (zones.length < 2 || serverTolerance(cluster) === 0) return undefined;
  const fatal = points.filter(isZone);
  if (fatal.length > 0) return say`losing ${listed(fatal.map((p) => p.label))} stops it`;
  return zones.includes(undefined) ? undefined : say`survives the loss of any one of ${count(zones.length, 'zone')}`;
}

function isServer(point: SinglePoint): boolean {
  return point.partId.startsWith(serverPart(''));
}

function isZone(point: SinglePoint): boolean {
  return point.partId.startsWith(zonePart(''));
}
