import type { ServerRun } from './k3s/cluster';
import { balancedServers, type BalancedServer } from './machine/balancer';
import { isAlive, type PracticeHost } from './machine/host';
import type { PracticeTarget } from './options';
import type { World } from './world';

/** What a TCP connection from one place of the fleet to another meets; `error` in the words of Go. */
export type Dialed =
  { readonly kind: 'server'; readonly server: ServerRun } | { readonly kind: 'failed'; readonly error: string };

/** Name of the load balancer in partitions. */
export const LOAD_BALANCER = 'load-balancer';

/** Whether packets pass between two places (host ids, `load-balancer`, database addresses). */
export function connected(world: World, a: string, b: string): boolean {
  if (a === b) return true;
  if (world.cut.has(a) || world.cut.has(b)) return false;
  return !world.partitions.some(([left, right]) => (left.has(a) && right.has(b)) || (left.has(b) && right.has(a)));
}

/** Connects from a host to `address:port`: to a server, or through the load balancer to one. */
export function dial(world: World, from: PracticeHost, address: string, port: number): Dialed {
  const balancer = world.loadBalancer;
  if (balancer !== undefined && balancer.address === address && balancer.port === port) {
    if (!connected(world, from.id, LOAD_BALANCER)) return timedOut(address, port);
    if (isOnServers(world)) {
      const [carrier] = balancedTargets(world);
      if (carrier !== undefined) return dialHost(world, from.id, carrier.address, port);
      return { kind: 'failed', error: `dial tcp ${address}:${port}: connect: no route to host` };
    }
    if (balancer.machines !== undefined && carrierOf(world) === undefined)
      return { kind: 'failed', error: `dial tcp ${address}:${port}: connect: no route to host` };
    for (const target of balancedTargets(world)) {
      const dialed = dialHost(world, LOAD_BALANCER, target.address, target.port);
      if (dialed.kind === 'server') return dialed;
    }
    return { kind: 'failed', error: 'EOF' };
  }
  if (address === '127.0.0.1' || address === 'localhost' || address === '::1')
    return dialHost(world, from.id, from.addresses[0], port);
  return dialHost(world, from.id, address, port);
}

/**
 * The load balancer's targets in the order in which the next connection tries them: in turn, healthy ones first.
 * Healthy means that the Kubernetes API answers (HTTPS GET /readyz, 401): a server opens its port long before that, and is
 * ready some seconds after.
 * While no API answers, every open port will do, because joining nodes need the supervisor behind it.
 */
export function balancedTargets(world: World): readonly PracticeTarget[] {
  if (world.loadBalancer !== undefined && isOnServers(world)) return serversWithAddress(world, world.loadBalancer);
  const targets = targetsOf(world);
  world.turns += 1;
  const first = targets.length === 0 ? 0 : world.turns % targets.length;
  const inTurn = [...targets.slice(first), ...targets.slice(0, first)].filter((target) => {
    const host = hostAt(world, target.address);
    return host === undefined || connected(world, LOAD_BALANCER, host.id);
  });
  const healthy = inTurn.filter((target) => apiIsOpen(world, target));
  return [...healthy, ...inTurn.filter((target) => !healthy.includes(target))];
}

/** Whether the servers pass the address among themselves: from the beginning, or since kube-vip has come to them. */
export function isOnServers({ loadBalancer, hosts }: World): boolean {
  if (loadBalancer === undefined) return false;
  const { onServers, address } = loadBalancer;
  return onServers === true || [...hosts.values()].some((host) => isAlive(host) && host.carried.has(address));
}

/** The servers that have the address, each asked in turn where several announce it; nobody looks whether they answer. */
function serversWithAddress(world: World, { address, port }: PracticeTarget): readonly PracticeTarget[] {
  const carriers = [...world.hosts.values()].filter((host) => isAlive(host) && !host.cut && host.carried.has(address));
  const carrier = carriers.length < 2 ? carriers[0] : carriers[world.turns++ % carriers.length];
  return carrier === undefined ? [] : [{ address: carrier.addresses[0], port }];
}

function targetsOf(world: World): readonly PracticeTarget[] {
  const { targets = [], machines } = world.loadBalancer ?? {};
  if (machines === undefined) return targets;
  const carrier = carrierOf(world);
  const servers: readonly BalancedServer[] =
    carrier === undefined ? [] : (balancedServers(carrier.balancer, carrier.files) ?? []);
  return servers.filter(({ out }) => !out);
}

/** The host that carries the fixed address now: the first that is alive, whose proxy runs, and keepalived beside others. */
export function carrierOf(world: World): PracticeHost | undefined {
  const machines = world.loadBalancer?.machines ?? [];
  return machines
    .flatMap((id) => world.hosts.get(id) ?? [])
    .filter(({ balancer }) => machines.length < 2 || balancer.active.has('keepalived'))
    .find((host) => isAlive(host) && !host.cut && balancedServers(host.balancer, host.files) !== undefined);
}

/** Addresses that a host has beside its own: of kube-vip, and the fixed one where keepalived holds it. */
export function carriedBy(world: World, host: PracticeHost): readonly string[] {
  const { address } = world.loadBalancer ?? {};
  const isKeeper = address !== undefined && carrierOf(world) === host && host.balancer.active.has('keepalived');
  return [...new Set([...host.carried, ...(isKeeper ? [address] : [])])];
}

/** Whether the Kubernetes API answers there. */
export function apiIsOpen(world: World, { address, port }: PracticeTarget): boolean {
  return [...world.services].some(
    (server) => server.apiOpen && server.port === port && server.host.addresses.includes(address),
  );
}

/** The host with this address or host name. */
export function hostAt(world: World, address: string): PracticeHost | undefined {
  return [...world.hosts.values()].find((host) => host.addresses.includes(address) || host.hostname === address);
}

function dialHost(world: World, from: string, address: string, port: number): Dialed {
  const host = hostAt(world, address);
  const where = `dial tcp ${address}:${port}`;
  if (host === undefined)
    return {
      kind: 'failed',
      error: /^[\d.]+$|:/.test(address)
        ? `${where}: connect: no route to host`
        : `dial tcp: lookup ${address}: no such host`,
    };
  if (!connected(world, from, host.id)) return timedOut(address, port);
  if (!host.powered) return { kind: 'failed', error: `${where}: connect: no route to host` };
  if (host.hung)
    return { kind: 'failed', error: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)' };
  const server = [...world.services].find((candidate) => candidate.host === host && candidate.port === port);
  return server === undefined
    ? { kind: 'failed', error: `${where}: connect: connection refused` }
    : { kind: 'server', server };
}

function timedOut(address: string, port: number): Dialed {
  return { kind: 'failed', error: `dial tcp ${address}:${port}: i/o timeout` };
}

/** Whether two hosts are both up and can talk. */
export function canReach(world: World, a: PracticeHost, b: PracticeHost): boolean {
  return isAlive(a) && isAlive(b) && connected(world, a.id, b.id);
}
