import { problem } from '../base/problem';
import { count, listed } from '../base/words';
import { apiServers, machinesOf } from '../cluster/roles';
import { sameAddress } from '../k3s/cidr';
import { backendsOf, hostPort } from './backends';
import type { TrySight } from './addressSight';
import {
  addressWords,
  finding,
  hasAddress,
  isBeforeFirst,
  ownerOf,
  type AddressFinding,
  type AddressView,
} from './addressFinding';

/** Connections from one place have ended at one server only by chance less often than once in thousands. */
const ENOUGH_TRIES = 8;

/** Where connections through a load balancer end: at every server that has an API, and nowhere else. */
export function backendFindings(view: AddressView): readonly AddressFinding[] {
  const { loadBalancer } = view.cluster;
  // A name stands for the servers themselves, and an address that moves has one of them behind it.
  if (loadBalancer === undefined || loadBalancer.type === 'dns' || isBeforeFirst(view)) return [];
  const ends = [...view.sights].flatMap(([place, { doors }]) => {
    const tries = doors.flatMap((door) => door.tries);
    return tries.length === 0 ? [] : [{ place, tries, met: metBy(tries, view) }];
  });
  const shared = sharedName(view);
  if (shared !== undefined) return [shared, ...withoutApi(ends, view), ...failing(ends, view)];
  return [...withoutApi(ends, view), ...failing(ends, view), ...unequal(ends, view)];
}

interface Ends {
  readonly place: string;
  readonly tries: readonly TrySight[];
  /** Servers at which connections from there ended, one for each connection that told. */
  readonly met: readonly string[];
}

/** Servers by what they call themselves, or by their addresses. */
function metBy(tries: readonly TrySight[], view: AddressView): readonly string[] {
  const called = new Map(
    [...view.sights].flatMap(([id, { self }]) => (self === undefined ? [] : [[self, id] as const])),
  );
  return tries.flatMap(({ server }) => {
    if (server === undefined) return [];
    return called.get(server) ?? ownerOf(hostIn(server), view) ?? server;
  });
}

function hostIn(server: string): string {
  return server.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** advertise-address is that of the load balancer: then nobody can tell servers apart, their clients included. */
function sharedName(view: AddressView): AddressFinding | undefined {
  const selves = [...view.sights].flatMap(([id, { self }]) => (self === undefined ? [] : [{ id, self: hostIn(self) }]));
  const twice = selves.filter(({ id, self }) =>
    selves.some((other) => other.id !== id && sameAddress(other.self, self)),
  );
  const [first] = twice;
  if (first === undefined) return undefined;
  const ids = twice.filter(({ self }) => sameAddress(self, first.self)).map(({ id }) => id);
  return finding(
    'warning',
    ids,
    problem('address-advertised', `${listed(ids)} all advertise ${first.self} as their own address`, {
      why: 'What K3s and its agents remember as the list of servers then has only this address, so that all of them hang on what answers there.',
      nextSteps: ['Take advertise-address out of the configuration of the servers, or give each its own, then apply.'],
    }),
  );
}

function withoutApi(ends: readonly Ends[], view: AddressView): readonly AddressFinding[] {
  const met = ends.filter(({ tries }) => tries.some((one) => one.withoutApi));
  if (met.length === 0) return [];
  const all = ends.flatMap(({ tries }) => tries);
  const lost = all.filter((one) => one.withoutApi).length;
  const etcdOnly = view.cluster.servers
    .filter((server) => !apiServers(view.cluster).includes(server))
    .map(({ id }) => id);
  return [
    finding(
      'error',
      met.map(({ place }) => place),
      problem(
        'balancer-server-without-api',
        `${addressWords(view.cluster)} also leads to servers without an API: ${lost} of ${count(all.length, 'connection')} ended there`,
        {
          why: `K3s there says "apiserver disabled"${etcdOnly.length === 0 ? '' : `; in the file ${listed(etcdOnly)} ${etcdOnly.length === 1 ? 'is a home' : 'are homes'} of etcd alone`}. Its port is open and /ping answers, so a check of these sees nothing.`,
          nextSteps: [
            `Take ${etcdOnly.length === 0 ? 'it' : listed(etcdOnly)} out of the load balancer, or have it check GET /readyz over HTTPS and expect 200 or 401.`,
          ],
        },
      ),
    ),
  ];
}

/** A single connection may fail because a machine is busy; a server that is down takes its share of them. */
function isShare(lost: number, all: number): boolean {
  return lost > 0 && lost * 10 >= all;
}

/** Connections that ended nowhere: a server that meets itself, or a machine behind the address that is down. */
function failing(ends: readonly Ends[], view: AddressView): readonly AddressFinding[] {
  const broken = ends.map((one) => ({ ...one, failed: one.tries.filter(({ reach }) => reach !== 'answered') }));
  const everywhere = new Set(ends.flatMap(({ met }) => met));
  const fails = broken.filter(({ failed }) => failed.length > 0);
  const fine = broken.length - fails.length;
  const servers = apiServers(view.cluster).map(({ id }) => id);
  // It meets servers, and never itself, while others meet it, or all that they try.
  const looped = fails.filter(
    ({ place, met }) =>
      servers.includes(place) && met.length > 0 && !met.includes(place) && (fine > 0 || everywhere.has(place)),
  );
  const hairpins = fine > 0 || looped.length > 1 ? looped : [];
  const rest = fails.filter((one) => !hairpins.includes(one));
  const isMore = isShare(rest.flatMap(({ failed }) => failed).length, rest.flatMap(({ tries }) => tries).length);
  return [
    ...hairpins.map(({ place, tries, failed }) =>
      finding(
        'error',
        [place],
        problem(
          'address-hairpin',
          `${place} cannot reach itself through ${addressWords(view.cluster)}: ${failed.length} of ${count(tries.length, 'connection')} failed`,
          {
            host: place,
            why: `${failed[0]?.says === undefined ? '' : `${failed[0].says}. `}Others reach every server there, and from ${place} every connection that is led back to it fails: the load balancer keeps the address of clients, and the answer takes the short way (hair-pin).`,
            nextSteps: [
              'Switch NAT loopback on at the load balancer, or client addresses off (preserve client IP).',
              'Or let the servers join and ask each other by their own addresses, as K3s HA has them do: then only kubectl on a server is concerned.',
            ],
          },
        ),
      ),
    ),
    ...(!isMore ? [] : [failingSome(rest, ends, view)]),
  ];
}

function failingSome(
  rest: readonly (Ends & { readonly failed: readonly TrySight[] })[],
  ends: readonly Ends[],
  view: AddressView,
): AddressFinding {
  const lost = rest.reduce((sum, { failed }) => sum + failed.length, 0);
  const all = ends.reduce((sum, { tries }) => sum + tries.length, 0);
  const down = apiServers(view.cluster)
    .filter(({ id }) => !view.running.has(id) && !view.unseen.has(id))
    .map(({ id }) => id);
  const says = rest[0]?.failed[0]?.says;
  return finding(
    'error',
    rest.map(({ place }) => place),
    problem(
      'balancer-server-down',
      `${lost} of ${count(all, 'connection')} through ${addressWords(view.cluster)} failed, from ${listed(rest.map(({ place }) => place))}`,
      {
        why: `${says === undefined ? '' : `${says}. `}${
          down.length === 0
            ? 'K3s runs on every server of the file, so a machine behind the address is none of them, or listens on another port.'
            : `${listed(down)} ${down.length === 1 ? 'is' : 'are'} down, and the load balancer goes on sending connections there.`
        }`,
        nextSteps: [
          'Have it check the servers: GET /readyz over HTTPS, 200 or 401 is good (a check of the TCP port is better than none), every few seconds.',
          ...(down.length === 0
            ? [`Behind it belong ${backendWords(view)}, and nothing else.`]
            : [`Start K3s on ${listed(down)}.`]),
        ],
      },
    ),
  );
}

/** Servers that no connection met although enough were opened, and servers of others. */
function unequal(ends: readonly Ends[], view: AddressView): readonly AddressFinding[] {
  const told = ends.filter(({ met }) => met.length > 0);
  const met = new Set(told.flatMap((one) => one.met));
  const tries = told.reduce((sum, one) => sum + one.met.length, 0);
  const running = apiServers(view.cluster)
    .filter(({ id }) => view.running.has(id))
    .map(({ id }) => id);
  const missing = running.filter((id) => !met.has(id));
  const known = new Set(machinesOf(view.cluster).map(({ id }) => id));
  const strange = [...met].filter((id) => !known.has(id));
  const places = told.map(({ place }) => place);
  return [
    ...strange.map((server) =>
      finding(
        'warning',
        places,
        problem(
          'balancer-server-unknown',
          `${addressWords(view.cluster)} also leads to ${server}, which the file does not name`,
          {
            why: 'It is a server of this cluster: its certificate comes from the authority of the cluster.',
            nextSteps: ['Add it to servers.nodes, or take it out of the load balancer if it is to leave the cluster.'],
          },
        ),
      ),
    ),
    ...missingFindings(missing, running, tries, told, view),
  ];
}

function missingFindings(
  missing: readonly string[],
  running: readonly string[],
  tries: number,
  told: readonly Ends[],
  view: AddressView,
): readonly AddressFinding[] {
  if (missing.length === 0 || running.length < 2 || tries < ENOUGH_TRIES * running.length) return [];
  const at = addressWords(view.cluster);
  const places = told.map(({ place }) => place);
  const [holder] = machinesOf(view.cluster).filter((machine) =>
    hasAddress(machine, view.cluster.loadBalancer?.address ?? '', view),
  );
  const isMoving =
    view.cluster.loadBalancer?.type === 'kube-vip' || (holder !== undefined && running.includes(holder.id));
  // An address that moves among the servers is on one of them at a time.
  if (isMoving && missing.length === running.length - 1) return [];
  // Who always sends a machine to the same server would need more machines to meet all.
  const sticks = told.every(({ met }) => new Set(met).size === 1) && new Set(told.flatMap(({ met }) => met)).size > 1;
  if (sticks) return [];
  return [
    finding(
      'warning',
      places,
      problem(
        'balancer-server-missing',
        `${at} never leads to ${listed(missing)}: ${count(tries, 'connection')} ended at ${listed(running.filter((id) => !missing.includes(id)))}`,
        {
          why: `K3s runs on ${listed(missing)}. Either ${missing.length === 1 ? 'it is' : 'they are'} not in the list of the load balancer, or its health check fails there, or it always sends to one server.`,
          nextSteps: [
            `Behind the load balancer belong ${backendWords(view)}.`,
            'If they are there, see why it takes them for down: K3s answers GET /readyz without a certificate by 401, which a check that expects 200 refuses.',
          ],
        },
      ),
    ),
  ];
}

function backendWords({ cluster }: AddressView): string {
  return listed(backendsOf(cluster).map(({ name, ...backend }) => `${name} (${hostPort(backend)})`));
}
