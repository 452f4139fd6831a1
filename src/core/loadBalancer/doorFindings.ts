import { problem, type Problem } from '../base/problem';
import type { DoorSight } from './addressSight';
import {
  addressWords,
  finding,
  HERE,
  isBeforeFirst,
  portsOf,
  seenFrom,
  type AddressFinding,
  type AddressView,
} from './addressFinding';
import { unreached } from './unreachedAddress';

/** The certificate of an authority that K3s made by itself. */
const OF_K3S = /\bk3s-server-ca@\d+/;

/** What is wrong with an answer, in short; the same for all who see it. */
type Fault =
  'refused' | 'no-route' | 'silent' | 'closed' | 'not-tls' | 'tls-ended' | 'other-cluster' | 'stranger' | 'not-named';

/** Of these the machine that looks may be the cause, and not what it looks at. */
const OF_THE_WAY: ReadonlySet<Fault> = new Set(['refused', 'no-route', 'silent', 'closed']);

/** What answers at the address: K3s of this cluster, with its own certificate, to everybody. */
export function doorFindings(view: AddressView): readonly AddressFinding[] {
  const seen = [...view.sights].flatMap(([place, { doors }]) =>
    doors.map((door) => ({ place, door, fault: faultOf(door, view) })),
  );
  const fine = seen.filter(({ fault }) => fault === undefined);
  const byFault = new Map<string, { readonly fault: Fault; readonly door: DoorSight; readonly places: string[] }>();
  for (const { place, door, fault } of seen) {
    if (fault === undefined || isExpected(fault, door, fine, view)) continue;
    const key = `${fault} ${door.address}`;
    const known = byFault.get(key) ?? { fault, door, places: [] };
    known.places.push(place);
    byFault.set(key, known);
  }
  return [...byFault.values()].map(({ fault, door, places }) => ({
    ...finding(
      severityOf(fault, view),
      places,
      told(
        fault,
        door,
        places,
        fine.map(({ place }) => place),
        view,
      ),
    ),
    stopsJoining: !OF_THE_WAY.has(fault) && fault !== 'not-named',
  }));
}

function faultOf(door: DoorSight, view: AddressView): Fault | undefined {
  const { authority } = view;
  const { reach, trusted, named, authority: found } = door;
  const isOfK3s = OF_K3S.test(`${door.issuer ?? ''} ${door.subject ?? ''}`);
  // Somebody else's certificate, and then nothing: TLS that ends before K3s, which gets what it does not understand.
  if (reach === 'closed' && door.issuer !== undefined && !isOfK3s && trusted === undefined) return 'stranger';
  if (reach !== 'answered') return reach === 'untrusted' ? 'stranger' : reach;
  if (trusted === true) return named === false ? 'not-named' : undefined;
  // The authority stands in the answer, whoever ends TLS; an authority of one's own has any name.
  if (found !== undefined && found === authority) return trusted === false ? 'tls-ended' : undefined;
  if (found === undefined && !isOfK3s) return 'stranger';
  // K3s is still starting, or nobody could tell which authority is the right one.
  if (!isBeforeFirst(view) && (found === undefined || authority === undefined)) return undefined;
  return 'other-cluster';
}

/** What is normal as things are: nobody listens before the first server runs, and a name gives servers that are down. */
function isExpected(
  fault: Fault,
  door: DoorSight,
  fine: readonly { readonly door: DoorSight }[],
  view: AddressView,
): boolean {
  if (!OF_THE_WAY.has(fault)) return false;
  if (isBeforeFirst(view)) return fault === 'refused' || fault === 'closed';
  // The finding about the name tells of it.
  return view.cluster.loadBalancer?.type === 'dns' && fine.some((other) => other.door.address !== door.address);
}

function severityOf(fault: Fault, view: AddressView): AddressFinding['severity'] {
  return OF_THE_WAY.has(fault) && isBeforeFirst(view) ? 'note' : 'error';
}

function told(
  fault: Fault,
  door: DoorSight,
  places: readonly string[],
  fine: readonly string[],
  view: AddressView,
): Problem {
  const at =
    view.cluster.loadBalancer?.type === 'dns'
      ? `${addressWords(view.cluster)} (${door.address})`
      : addressWords(view.cluster);
  const seen = seenFrom(places, view);
  const shown =
    door.issuer === undefined
      ? undefined
      : `It shows a certificate of ${door.subject ?? 'nobody'}, issued by ${door.issuer}.`;
  const why = door.says === undefined ? {} : { why: door.says };
  const [only] = places;
  const host = places.length === 1 && only !== undefined && only !== HERE ? { host: only } : {};
  switch (fault) {
    case 'refused':
    case 'no-route':
    case 'silent':
    case 'closed':
      return isBeforeFirst(view)
        ? problem('address-silent-yet', `${at} does not answer yet, seen ${seen}`, {
            ...why,
            nextSteps: [
              'Nothing has to be behind it before the first server runs; agents and kubectl need the way to it then.',
            ],
          })
        : unreached(at, door, places, fine, view);
    case 'not-tls':
      return problem('address-not-tls', `What answers at ${at} does not speak TLS, seen ${seen}`, {
        ...host,
        ...why,
        nextSteps: [
          `The load balancer has to pass TCP through to the port of the servers (${portsOf(view)}), without HTTP of its own.`,
          'If another program has the port, stop it or write another one under loadBalancer.port.',
        ],
      });
    case 'tls-ended':
      return problem('address-tls-ended', `TLS ends at the load balancer ${at} and not at K3s, seen ${seen}`, {
        ...host,
        why: `${shown ?? 'Its certificate is not from the authority of the cluster.'} Client certificates do not get past it, so neither kubectl nor agents can log in.`,
        nextSteps: [
          'Make it pass TCP through: a TCP (layer 4) listener in a cloud, "mode tcp" in HAProxy, a server in "stream" and not in "http" in nginx. Take its certificate away.',
        ],
      });
    case 'other-cluster':
      return problem('address-other-cluster', `Another K3s cluster answers at ${at}, seen ${seen}`, {
        ...host,
        why: `${shown ?? ''} ${view.authority === undefined ? 'No server of this file was started yet.' : 'The authority that it hands out is not the one of the servers of this file.'}`.trim(),
        nextSteps: [
          'Look at the list of servers behind the load balancer: all have to be servers of this file.',
          'If the servers were installed anew, remove machines of the earlier installation from it.',
        ],
      });
    case 'stranger':
      return problem('address-stranger', `What answers at ${at} is no K3s, seen ${seen}`, {
        ...host,
        why: shown ?? door.says ?? 'It speaks TLS, and hands out no authority as K3s does (/cacerts).',
        nextSteps: [
          'If the load balancer ends TLS, make it pass TCP through: K3s needs the certificates of its clients.',
          `Else find out who has ${door.address}, or write another address or port under loadBalancer.`,
        ],
      });
    case 'not-named': {
      const name = view.cluster.loadBalancer?.tlsServerName ?? view.cluster.loadBalancer?.address ?? '';
      return problem('address-not-in-certificate', `The certificate of the API does not list ${name}`, {
        why: 'It comes from K3s itself, so the way is right; kubectl refuses it all the same, and so does whoever checks names.',
        nextSteps: [
          `See that tls-san under servers.config has ${name}, then apply: one restarted server renews it for all.`,
        ],
      });
    }
  }
}
