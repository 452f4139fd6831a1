import { err, ok, type Result } from '../../base/result';
import { parseCidr } from '../../k3s/cidr';
import { countHosts, expandHostRange, MAX_HOSTS } from '../../cluster/hostRange';

/** What a new cluster is made of. */
export type Layout =
  | 'embedded-etcd'
  | 'haproxy'
  | 'kube-vip'
  | 'external-datastore'
  | 'external-etcd'
  | 'air-gap'
  | 'growing-server'
  | 'single-server';

/** The machines of a new cluster, host ranges as they were typed. */
export interface Addresses {
  readonly servers: readonly string[];
  readonly agents: readonly string[];
  /** The address that stays when a server goes. */
  readonly fixed?: string;
  /** Machines that carry that address, one by one. */
  readonly balancers: readonly string[];
}

const WORDS: Readonly<Record<string, 'servers' | 'agents' | 'fixed' | 'balancers'>> = {
  server: 'servers',
  servers: 'servers',
  master: 'servers',
  masters: 'servers',
  agent: 'agents',
  agents: 'agents',
  worker: 'agents',
  workers: 'agents',
  address: 'fixed',
  lb: 'fixed',
  vip: 'fixed',
  balancer: 'balancers',
  balancers: 'balancers',
  haproxy: 'balancers',
};

/**
 * Reads one line such as `servers 10.0.0.[11-13], address 10.0.0.100, agents 10.0.1.[1-5]`. The error says in a sentence
 * what is missing for the layout.
 */
export function readAddresses(line: string, layout: Layout): Result<Addresses, string> {
  const found = { servers: [] as string[], agents: [] as string[], fixed: [] as string[], balancers: [] as string[] };
  let group: keyof typeof found = 'servers';
  for (const word of line
    .split(/[\s,;]+/)
    .map((text) => text.replace(/:$/, ''))
    .filter((text) => text !== '')) {
    const named = WORDS[word.toLowerCase()];
    if (named !== undefined) group = named;
    else if (!isHost(word))
      return err(`"${word}" is neither an address, a host name nor a range such as 10.0.0.[11-13].`);
    else found[group].push(word);
  }
  const count = [...found.servers, ...found.agents, ...found.balancers].reduce(
    (sum, text) => sum + countHosts(text),
    0,
  );
  if (count > MAX_HOSTS)
    return err(`These are ${count} machines, and ${MAX_HOSTS} are the most that one cluster may have.`);
  const servers = found.servers.flatMap((text) => expandHostRange(text));
  const seen = new Set<string>();
  const twice = [...servers, ...found.agents.flatMap((text) => expandHostRange(text)), ...found.fixed].find(
    (host) => seen.size === seen.add(host).size,
  );
  if (twice !== undefined)
    return err(`${twice} stands there twice; each machine and the fixed address has one of its own.`);
  const balancers = found.balancers.flatMap((text) => expandHostRange(text));
  const problem =
    tooFew(layout, servers.length) ??
    wrongAddress(layout, found.fixed) ??
    wrongBalancers(layout, balancers, [...found.fixed, ...found.agents.flatMap((text) => expandHostRange(text))]);
  const [fixed] = found.fixed;
  return problem === undefined
    ? ok({ servers: found.servers, agents: found.agents, balancers, ...(fixed === undefined ? {} : { fixed }) })
    : err(problem);
}

/** An address, a host name, or a range of them. */
export function isHost(word: string): boolean {
  return expandHostRange(word).every(
    (host) => /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(host) || parseCidr(`${host}/128`) !== undefined,
  );
}

function tooFew(layout: Layout, servers: number): string | undefined {
  if (layout === 'single-server' || layout === 'growing-server')
    return servers === 1 ? undefined : 'This layout has one server: type its address.';
  if (layout === 'external-datastore' || layout === 'external-etcd')
    return servers >= 2 ? undefined : 'Type at least two servers: one may fail while the other serves.';
  if (servers < 3) return 'Embedded etcd needs three servers to survive the loss of one.';
  return servers % 2 === 1
    ? undefined
    : `${servers} members of etcd survive no more losses than ${servers - 1}: type an odd number of servers.`;
}

function wrongAddress(layout: Layout, fixed: readonly string[]): string | undefined {
  if (fixed.length > 1) return 'Type one fixed address: that of the load balancer.';
  if (layout === 'single-server' && fixed.length > 0)
    return 'A fixed address in front of one server is for the layout growing-server; this one has none.';
  const [address] = fixed;
  if (address !== undefined)
    return countHosts(address) === 1 ? undefined : 'The fixed address is one address, not a range.';
  return layout === 'single-server'
    ? undefined
    : layout === 'growing-server'
      ? 'Type "address" and a free address of the network, or a DNS name: machines and kubectl find the cluster there when it has more servers, too.'
      : 'Type "address" and the address of the load balancer: machines and kubectl find the cluster there whichever server is down.';
}

function wrongBalancers(layout: Layout, hosts: readonly string[], others: readonly string[]): string | undefined {
  if (layout !== 'haproxy')
    return hosts.length === 0
      ? undefined
      : 'Machines that carry the address belong to the layout haproxy; this one has none of its own.';
  const twice = hosts.find((host, index) => others.includes(host) || hosts.indexOf(host) !== index);
  if (twice !== undefined) return `${twice} stands there twice; only a server may carry the address as well.`;
  return hosts.length >= 2
    ? undefined
    : 'Type "balancers" and two machines that carry the address, such as two of the servers: one takes over from the other.';
}
