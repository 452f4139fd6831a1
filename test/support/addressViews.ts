import type { Cluster, LoadBalancer } from '../../src/core/cluster/cluster';
import { HERE, type AddressView } from '../../src/core/loadBalancer/addressFinding';
import type { AddressSight, DoorSight, TrySight } from '../../src/core/loadBalancer/addressSight';
import { clusterOf } from './cluster';

/** Hash of the authority of the cluster in these tests. */
export const OURS = 'a'.repeat(64);
export const OTHERS = 'b'.repeat(64);
const ISSUER = 'CN=k3s-server-ca@1795737475';

/** The cluster of the tests with another load balancer. */
export function balancedBy(change: Partial<LoadBalancer>, cluster: Cluster = clusterOf()): Cluster {
  const { loadBalancer } = cluster;
  return loadBalancer === undefined ? cluster : { ...cluster, loadBalancer: { ...loadBalancer, ...change } };
}

/** Connections that ended at these servers, each `times`. */
export function ends(servers: readonly string[], times = 4): readonly TrySight[] {
  return servers.flatMap((server) =>
    Array.from({ length: times }, (): TrySight => ({ reach: 'answered', server, withoutApi: false })),
  );
}

export const ALL = ['10.0.0.11:6443', '10.0.0.12:6443', '10.0.0.13:6443'];

export function lost(times: number, says = 'Connection timed out after 2001 milliseconds'): readonly TrySight[] {
  return Array.from({ length: times }, (): TrySight => ({ reach: 'silent', says, withoutApi: false }));
}

/** K3s of the cluster, as it should be. */
export function goodDoor(change: Partial<DoorSight> = {}): DoorSight {
  return {
    address: '10.0.0.100',
    reach: 'answered',
    subject: 'O=k3s; CN=k3s',
    issuer: ISSUER,
    authority: OURS,
    trusted: true,
    named: true,
    tries: ends(ALL),
    ...change,
  };
}

/** A door that was not let in. */
export function badDoor(reach: DoorSight['reach'], says?: string, address = '10.0.0.100'): DoorSight {
  return { address, reach, ...(says === undefined ? {} : { says }), tries: [] };
}

export function sight(door: DoorSight, more: Partial<AddressSight> = {}): AddressSight {
  return { addresses: [door.address], doors: [door], ...more };
}

interface ViewChange {
  readonly cluster?: Cluster;
  /** By place; others see what they should. `undefined`: nobody looked there. */
  readonly sights?: Readonly<Record<string, AddressSight | undefined>>;
  readonly running?: readonly string[];
  readonly unseen?: readonly string[];
  readonly authority?: string | undefined;
  readonly interfaces?: Readonly<Record<string, readonly string[]>>;
}

/** Everything as it should be on three running servers and two agents, but for the change. */
export function viewOf(change: ViewChange = {}): AddressView {
  const { cluster = clusterOf(), sights = {}, interfaces = {} } = change;
  const { running = cluster.servers.map(({ id }) => id) } = change;
  const authority = 'authority' in change ? change.authority : OURS;
  const usual = (place: string): AddressSight => {
    const server = cluster.servers.find(({ id }) => id === place);
    const tries = place === HERE ? [] : ends(ALL);
    return sight(goodDoor({ tries }), server === undefined ? {} : { self: `${server.address}:6443` });
  };
  const places = [...cluster.servers, ...cluster.agents].map(({ id }) => id).concat(HERE);
  return {
    cluster,
    sights: new Map(
      places.flatMap((place) => {
        const seen = place in sights ? sights[place] : usual(place);
        return seen === undefined ? [] : [[place, seen] as const];
      }),
    ),
    running: new Set(running),
    unseen: new Set(change.unseen ?? []),
    ...(authority === undefined ? {} : { authority }),
    interfaces: new Map(Object.entries(interfaces)),
  };
}
