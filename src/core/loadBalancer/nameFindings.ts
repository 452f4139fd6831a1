import { problem } from '../base/problem';
import { count, listed } from '../base/words';
import { apiServers, nodesOf } from '../cluster/roles';
import { ipv4Number } from '../k3s/cidr';
import { finding, hasAddress, HERE, ownerOf, seenFrom, type AddressFinding, type AddressView } from './addressFinding';

/** As long as a name server lets others remember an address, they go on asking a server that is gone. */
const LONG_TTL_S = 300;

/** What a fixed address that is a name stands for: here, on every machine, and what it should. */
export function nameFindings(view: AddressView): readonly AddressFinding[] {
  const { loadBalancer } = view.cluster;
  if (loadBalancer === undefined || !isName(loadBalancer.address)) return [];
  const name = loadBalancer.address;
  const looked = [...view.sights].flatMap(([place, { addresses }]) =>
    addresses === undefined ? [] : [{ place, addresses }],
  );
  const without = looked.filter(({ addresses }) => addresses.length === 0).map(({ place }) => place);
  const found = looked.filter(({ addresses }) => addresses.length > 0);
  return [
    ...(without.length === 0 ? [] : [unresolved(name, without, view)]),
    ...differing(name, found),
    ...(loadBalancer.type === 'dns' ? membershipFindings(name, found, view) : []),
    ...ttlFindings(name, view),
  ];
}

function isName(address: string): boolean {
  return ipv4Number(address) === undefined && !address.includes(':');
}

function unresolved(name: string, places: readonly string[], view: AddressView): AddressFinding {
  return {
    ...finding(
      'error',
      places,
      problem('address-name-unknown', `${name} stands for no address, seen ${seenFrom(places, view)}`, {
        why: 'The resolver there (getent ahosts; here the one of the system) knows no A or AAAA record of it.',
        nextSteps: [
          'Add the record to the DNS zone, or the name to /etc/hosts of these machines.',
          'See that /etc/resolv.conf there names a server that answers for this zone: "getent ahosts NAME" on the machine tells.',
        ],
      }),
    ),
    stopsJoining: !mayComeLater(view),
  };
}

/** What the file itself lays on machines may make the name known before an agent asks. */
function mayComeLater({ cluster }: AddressView): boolean {
  return (
    cluster.hooks !== undefined ||
    nodesOf(cluster).some(({ files = [] }) => files.some(({ to }) => to === '/etc/hosts'))
  );
}

interface Resolved {
  readonly place: string;
  readonly addresses: readonly string[];
}

function differing(name: string, found: readonly Resolved[]): readonly AddressFinding[] {
  const groups = new Map<string, string[]>();
  for (const { place, addresses } of found) {
    const key = [...addresses].sort().join(', ');
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  if (groups.size < 2) return [];
  return [
    finding(
      'warning',
      found.map(({ place }) => place),
      problem('address-name-differs', `${name} stands for different addresses, depending on who asks`, {
        why: 'Different name servers, a hosts file, or an old answer that is still remembered.',
        details: [...groups].map(([addresses, places]) => `${listed(places)}: ${addresses}`),
        nextSteps: [
          'If that is not meant (split DNS), make them the same: look into /etc/hosts and /etc/resolv.conf there.',
        ],
      }),
    ),
  ];
}

/** With `dns` the name has to stand for exactly the servers that have an API. */
function membershipFindings(name: string, found: readonly Resolved[], view: AddressView): readonly AddressFinding[] {
  const servers = apiServers(view.cluster);
  const all = [...new Set(found.flatMap(({ addresses }) => addresses))];
  const placesOf = (address: string): readonly string[] =>
    found.filter(({ addresses }) => addresses.includes(address)).map(({ place }) => place);
  const strange = all.filter((address) => !servers.some((server) => hasAddress(server, address, view)));
  const missing = servers.filter(
    (server) =>
      found.length > 0 && !found.some(({ addresses }) => addresses.some((one) => hasAddress(server, one, view))),
  );
  return [
    ...strange.map((address) => {
      const owner = ownerOf(address, view);
      const isServer = view.cluster.servers.some(({ id }) => id === owner);
      return finding(
        'error',
        placesOf(address),
        problem(
          'address-name-strange',
          `${name} also stands for ${address}, which is no server with an API, seen ${seenFrom(placesOf(address), view)}`,
          {
            why:
              owner === undefined
                ? 'No machine of the cluster file has this address: it is old, or belongs to somebody else.'
                : isServer
                  ? `It is ${owner}, which runs etcd and no API (disable-apiserver).`
                  : `It is ${owner}, which is no server.`,
            nextSteps: [
              `Take the record of ${address} out of the zone: every client that gets it first waits, or meets a stranger.`,
              ...(owner === undefined
                ? ['If it is a server behind address translation, name it as node-external-ip of that server.']
                : []),
            ],
          },
        ),
      );
    }),
    ...missing.map(({ id, address }) =>
      finding(
        'warning',
        found.map(({ place }) => place),
        problem('address-name-incomplete', `${name} does not stand for ${id}`, {
          why: 'Nobody who knows only the name reaches that server, so it is no help when the others fail.',
          nextSteps: [`Add a record of ${isName(address) ? 'its address' : address} to the zone.`],
        }),
      ),
    ),
    ...silentFindings(name, view),
  ];
}

/** Servers that the name gives and that do not answer now. */
function silentFindings(name: string, view: AddressView): readonly AddressFinding[] {
  const doors = [...view.sights].flatMap(([place, sight]) => sight.doors.map((door) => ({ place, door })));
  const answers = doors.filter(({ door }) => door.reach === 'answered').map(({ door }) => door.address);
  if (answers.length === 0) return [];
  const down = apiServers(view.cluster).flatMap((server) => {
    const own = doors.filter(({ door }) => hasAddress(server, door.address, view));
    return own.length > 0 && own.every(({ door }) => ['refused', 'no-route', 'silent'].includes(door.reach))
      ? [{ server, says: own.map(({ door }) => door.says).find((text) => text !== undefined) }]
      : [];
  });
  return down.map(({ server, says }) =>
    finding(
      'warning',
      [...view.sights.keys()],
      problem(
        'address-name-down',
        `${name} stands for ${server.id}, too, which does not answer at port ${view.cluster.loadBalancer?.port}`,
        {
          ...(says === undefined ? {} : { why: says }),
          nextSteps: [
            view.running.has(server.id)
              ? `K3s runs on ${server.id}: see whether a firewall closes the port, and whether https-listen-port is the port of the file.`
              : `Start K3s on ${server.id}. A name takes no server out that is down: clients try it, wait, and go on.`,
          ],
        },
      ),
    ),
  );
}

function ttlFindings(name: string, { sights, cluster }: AddressView): readonly AddressFinding[] {
  const ttl = sights.get(HERE)?.ttl;
  if (cluster.loadBalancer?.type !== 'dns' || ttl === undefined || ttl <= LONG_TTL_S) return [];
  return [
    finding(
      'note',
      [HERE],
      problem('address-name-long-lived', `Name servers remember ${name} for ${count(Math.ceil(ttl / 60), 'minute')}`, {
        why: 'For so long clients ask a server that is gone or was replaced.',
        nextSteps: [`Give the records a time to live of ${LONG_TTL_S} s or less.`],
      }),
    ),
  ];
}
