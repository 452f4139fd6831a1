import { later, said, say } from '../base/say';
import type { Cluster } from '../cluster/cluster';
import { shownEndpoints } from './endpoints';
import { BALANCER, balancerHostPart, datastorePart, serverPart } from './ids';
import type { CutSet } from './model';
import { serverOnHost } from './roles';
import { survives } from './survival';
import { listed } from '../base/words';
import { datastoreOfType } from '../datastore/registry';

/** Larger sets are no news: nobody plans for four failures at once. */
const LARGEST = 3;
/** Above this, sets are looked for among the first servers only: they are alike. */
const MOST_SERVERS = 9;
const MOST_LISTED = 6;

interface Candidate {
  readonly id: string;
  readonly label: string;
  readonly kind: 'server' | 'balancer' | 'datastore';
}

/**
 * The smallest sets of parts that take the API away from its clients when all of a set fail on top of what is `down`, up
 * to three parts; sets of the same kind come as one, e.g. "any 2 of 3 servers". None when it is gone already.
 */
export function cutSets(whole: Cluster, down: readonly string[] = []): readonly CutSet[] {
  // Agents do not decide about the API.
  const cluster = { ...whole, agents: [] };
  const start = survives(cluster, down);
  if (down.length > 0 && start.api.outcome === 'no') return [];
  const gone = new Set(start.failed);
  const candidates = candidatesOf(cluster).filter(({ id }) => !gone.has(id));
  const minimal: (readonly Candidate[])[] = [];
  for (let size = 1; size <= LARGEST; size += 1) {
    for (const set of combinations(candidates, size)) {
      if (minimal.some((smaller) => smaller.every((part) => set.includes(part)))) continue;
      if (survives(cluster, [...down, ...set.map(({ id }) => id)]).api.outcome === 'no') minimal.push(set);
    }
  }
  return inWords(
    cluster.servers.filter(({ id }) => !gone.has(serverPart(id))).length,
    candidates,
    minimal,
    gone.size > 0,
  );
}

function candidatesOf(cluster: Cluster): readonly Candidate[] {
  const balancer = cluster.loadBalancer;
  const hosts =
    balancer?.type === 'kube-vip'
      ? []
      : (balancer?.nodes ?? []).filter(({ host }) => serverOnHost(cluster, host) === undefined);
  const external = datastoreOfType(cluster.datastore.type).home === 'servers' ? [] : shownEndpoints(cluster.datastore);
  return [
    ...(balancer === undefined || balancer.type === 'kube-vip' || balancer.nodes.length > 0
      ? []
      : [
          {
            id: BALANCER,
            label: balancer.type === 'dns' ? say`DNS for ${balancer.address}` : say`load balancer ${balancer.address}`,
            kind: 'balancer' as const,
          },
        ]),
    ...hosts.map(({ host, name }) => ({
      id: balancerHostPart(host),
      label: say`load balancer ${name ?? host}`,
      kind: 'balancer' as const,
    })),
    ...external.map((endpoint, index) => ({
      id: datastorePart(index),
      label: say`datastore ${endpoint.address ?? 'endpoint'}`,
      kind: 'datastore' as const,
    })),
    ...cluster.servers
      .slice(0, MOST_SERVERS)
      .map((server) => ({ id: serverPart(server.id), label: server.name ?? server.id, kind: 'server' as const })),
  ];
}

function* combinations<T>(items: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= items.length - size; i += 1)
    for (const rest of combinations(items, size - 1, i + 1)) yield [items[i] as T, ...rest];
}

/** Sets in which every choice of so many servers, and so on, is deadly are said at once. */
function inWords(
  servers: number,
  candidates: readonly Candidate[],
  minimal: readonly (readonly Candidate[])[],
  someAreDown: boolean,
): readonly CutSet[] {
  const groups = new Map<string, (readonly Candidate[])[]>();
  for (const set of minimal) {
    const shape = set.map(({ kind }) => kind).join();
    groups.set(shape, [...(groups.get(shape) ?? []), set]);
  }
  return [...groups.values()].flatMap((sets) => {
    const [first] = sets;
    if (first === undefined) return [];
    const [{ kind }] = first as readonly [Candidate, ...Candidate[]];
    const alike = candidates.filter((candidate) => candidate.kind === kind);
    const total = kind === 'server' ? servers : alike.length;
    const left = someAreDown ? say` that are left` : '';
    const all = first.every((part) => part.kind === kind) && sets.length === choices(alike.length, first.length);
    if (all && alike.length > first.length)
      return [
        { partIds: first.map(({ id }) => id), words: say`any ${first.length} of ${total} ${said(NOUN[kind])}${left}` },
      ];
    return sets
      .slice(0, MOST_LISTED)
      .map((set) => ({ partIds: set.map(({ id }) => id), words: listed(set.map(({ label }) => label)) }));
  });
}

const NOUN: Readonly<Record<Candidate['kind'], string>> = {
  server: later`servers`,
  balancer: later`load balancer hosts`,
  datastore: later`datastore members`,
};

function choices(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i += 1) result = (result * (n - k + i)) / i;
  return Math.round(result);
}
