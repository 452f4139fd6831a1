import { hostOf, type SeenNode } from './seenCluster';
import { plainOption } from './hostOptions';

/** Address and port in front of the servers. */
export interface FoundBalancer {
  readonly address: string;
  readonly port: number;
}

/**
 * What most agents, else servers or kubeconfigs reach the servers by, where that is none of the servers. `kubeconfigs`:
 * addresses of this cluster in kubeconfigs of the person.
 */
export function foundBalancer(
  nodes: readonly SeenNode[],
  kubeconfigs: readonly string[] = [],
): FoundBalancer | undefined {
  const own = new Set(nodes.filter(({ role }) => role === 'server').flatMap(addressesOf));
  const foreign = (urls: readonly string[]): FoundBalancer[] =>
    urls.flatMap((url) => {
      const found = placeIn(url);
      return found === undefined || own.has(found.address.toLowerCase()) ? [] : [found];
    });
  const of = (role: SeenNode['role']): string[] =>
    nodes.filter((node) => node.role === role).flatMap((node) => serverUrlOf(node) ?? []);
  return mostFrequent(foreign(of('agent'))) ?? mostFrequent(foreign(of('server'))) ?? foreign(kubeconfigs)[0];
}

/** Where a node was told to find the cluster. */
export function serverUrlOf(node: SeenNode): string | undefined {
  const facts = hostOf(node)?.facts;
  return facts === undefined ? undefined : plainOption(facts, node.role, 'server');
}

/** By what a node may be addressed, in lower case. */
export function addressesOf(node: SeenNode): readonly string[] {
  const facts = hostOf(node)?.facts;
  return [
    node.host,
    node.name,
    ...node.addresses,
    ...(facts === undefined ? [] : [facts.hostname, ...facts.addresses]),
    '127.0.0.1',
    'localhost',
  ].map((address) => address.toLowerCase());
}

function placeIn(url: string): FoundBalancer | undefined {
  const [, name, six, port] =
    /^https:\/\/(?:([A-Za-z0-9][A-Za-z0-9.-]*)|\[([0-9A-Fa-f:.]+)\])(?::(\d{1,5}))?\/?$/.exec(url) ?? [];
  const address = name ?? six;
  return address === undefined ? undefined : { address, port: port === undefined ? 443 : Number(port) };
}

function mostFrequent(found: readonly FoundBalancer[]): FoundBalancer | undefined {
  const times = new Map<string, number>();
  const key = ({ address, port }: FoundBalancer): string => `${address} ${port}`;
  for (const place of found) times.set(key(place), (times.get(key(place)) ?? 0) + 1);
  return [...found].sort((a, b) => (times.get(key(b)) ?? 0) - (times.get(key(a)) ?? 0))[0];
}
