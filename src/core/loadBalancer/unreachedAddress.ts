import { problem, type Problem } from '../base/problem';
import { listed } from '../base/words';
import type { LoadBalancerType } from '../cluster/cluster';
import { apiServers } from '../cluster/roles';
import type { DoorSight, Reach } from './addressSight';
import { HERE, ownerOf, portsOf, seenFrom, type AddressView } from './addressFinding';

const WORDS: Readonly<Partial<Record<Reach, string>>> = {
  refused: 'refuses connections',
  'no-route': 'cannot be reached',
  silent: 'does not answer',
  closed: 'ends connections',
};

/** Nobody answers while servers run: the fault of the way, or of what stands at the address. */
export function unreached(
  at: string,
  door: DoorSight,
  places: readonly string[],
  fine: readonly string[],
  view: AddressView,
): Problem {
  const words = WORDS[door.reach];
  const why = door.says === undefined ? {} : { why: door.says };
  const others = fine.filter((place) => !places.includes(place));
  if (others.length === 0) {
    return problem(
      'address-unreachable',
      `${at} ${words}, seen ${seenFrom(places, view)}, while K3s ${view.running.size === 0 ? 'may run' : `runs on ${listed([...view.running])}`}`,
      {
        ...why,
        nextSteps: nobodyListens(view.cluster.loadBalancer?.type, door, view),
      },
    );
  }
  const servers = apiServers(view.cluster).map(({ id }) => id);
  const hairpin = places.filter((place) => servers.includes(place));
  const isHairpin = hairpin.length === places.length;
  return problem(
    isHairpin ? 'address-hairpin' : 'address-unreachable-from',
    `${at} ${words} when ${listed(places)} ${places.length === 1 ? 'asks' : 'ask'}, and answers ${listed(others)}`,
    {
      ...(places.length === 1 && places[0] !== HERE ? { host: places[0] as string } : {}),
      why: `${door.says === undefined ? '' : `${door.says}. `}${
        isHairpin
          ? 'Many load balancers that keep the address of clients cannot lead a server back to itself (hair-pin), or a rule on the server catches the address.'
          : 'A firewall or a missing route stands between them.'
      }`,
      nextSteps: [
        isHairpin
          ? 'Switch hair-pin on (NAT loopback), or client addresses off (preserve client IP), or let servers use their own address: nothing of K3s on a server needs this one.'
          : `Let TCP to ${at} through there: "ip route get ${door.address}", firewalls, security groups.`,
      ],
    },
  );
}

function nobodyListens(type: LoadBalancerType | undefined, door: DoorSight, view: AddressView): readonly string[] {
  if (type === 'haproxy' || type === 'nginx')
    return [
      `Apply the file again: it looks at ${type} and keepalived on the machines of the load balancer, and starts what does not run.`,
    ];
  if (type === 'kube-vip')
    return [
      'See "kubectl -n kube-system get pods -o wide" and "kubectl -n kube-system logs ds/kube-vip-ds" for why no server takes the address.',
    ];
  const owner = ownerOf(door.address, view);
  return [
    `See that the load balancer runs, listens on port ${view.cluster.loadBalancer?.port}, and has ${listed(apiServers(view.cluster).map(({ id }) => id))} behind it on port ${portsOf(view)}.`,
    owner === undefined
      ? 'See that its firewall or security group lets this port in.'
      : `${owner} has the address ${door.address} itself: a load balancer has to run there, on a port that K3s does not use.`,
  ];
}
