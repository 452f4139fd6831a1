import { must, run } from './run';

const SUBNETS = 250;
const BRIDGE = 'br0';

/** One LAN: a bridge in a namespace of its own, and a cable from it to this machine so that tests can reach the hosts. */
export interface Network {
  /** Unique among the fleets of this machine: fl-N. Every namespace, cgroup and link of the fleet begins with it. */
  readonly id: string;
  /** 10.77.N */
  readonly prefix: string;
  readonly lanNamespace: string;
  /** Address of the LAN namespace itself: gateway of the hosts and place of the download server. */
  readonly lanAddress: string;
}

const ip = (...args: string[]): Promise<string> => must('ip', args);

/** The LAN has no way out: nothing is forwarded beyond the bridge. */
export async function createNetwork(): Promise<Network> {
  const routes = await ip('-4', 'route', 'show', 'table', 'all');
  for (let n = 1; n <= SUBNETS; n += 1) {
    const prefix = `10.77.${n}`;
    const id = `fl-${n}`;
    const lanNamespace = `${id}-lan`;
    // Making the namespace is the lock: it fails when another fleet has this number.
    if (routes.includes(`${prefix}.`) || (await run('ip', ['netns', 'add', lanNamespace])).code !== 0) continue;
    const network = { id, prefix, lanNamespace, lanAddress: `${prefix}.1` };
    await connect(network);
    return network;
  }
  throw new Error(`All ${SUBNETS} fleet networks are taken: see "ip netns list".`);
}

async function connect({ id, prefix, lanNamespace, lanAddress }: Network): Promise<void> {
  await must('ip', ['-n', lanNamespace, '-batch', '-'], {
    stdin: `link set lo up
link add ${BRIDGE} type bridge
addr add ${lanAddress}/24 dev ${BRIDGE}
link set ${BRIDGE} up
`,
  });
  await ip('link', 'add', id, 'type', 'veth', 'peer', 'name', 'up0', 'netns', lanNamespace);
  await ip('-n', lanNamespace, 'link', 'set', 'up0', 'master', BRIDGE, 'up');
  await ip('addr', 'add', `${prefix}.254/24`, 'dev', id);
  await ip('link', 'set', id, 'up');
}

export interface Port {
  readonly namespace: string;
  readonly address: string;
  /** Name of the bridge's end of the cable. */
  readonly link: string;
}

/** Namespace number `index` (from 1) with its cable to the bridge. */
export async function addPort(network: Network, index: number): Promise<Port> {
  const port = { namespace: `${network.id}-h${index}`, address: `${network.prefix}.${10 + index}`, link: `h${index}` };
  await ip('netns', 'add', port.namespace);
  await ip(
    'link',
    'add',
    port.link,
    'netns',
    network.lanNamespace,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    port.namespace,
  );
  await ip('-n', network.lanNamespace, 'link', 'set', port.link, 'master', BRIDGE, 'up');
  await must('ip', ['-n', port.namespace, '-batch', '-'], {
    stdin: `link set lo up
addr add ${port.address}/24 dev eth0
link set eth0 up
route add default via ${network.lanAddress}
`,
  });
  return port;
}

/** Pulls or plugs the cable at the bridge's end, out of the host's reach. */
export async function setLink(network: Network, port: Port, state: 'up' | 'down'): Promise<void> {
  await ip('-n', network.lanNamespace, 'link', 'set', port.link, state);
}

/** Drops what goes from one address to another, in that direction only, or lets it pass again. */
export async function setPath(network: Network, from: string, to: string, state: 'up' | 'down'): Promise<void> {
  const verb = state === 'down' ? '-I' : '-D';
  await must('nsenter', [
    `--net=/run/netns/${network.lanNamespace}`,
    'iptables',
    '-w',
    '10',
    verb,
    'FORWARD',
    '-s',
    from,
    '-d',
    to,
    '-j',
    'DROP',
  ]);
}
