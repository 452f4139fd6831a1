import { say } from '../../base/say';
import type { Path } from '../../base/path';
import type { TextEdit } from '../../base/text';
import { setValue } from '../../document/edit';
import type { Cidr } from '../../k3s/cidr';
import { addressFamily, cidrContains, cidrsOverlap, parseCidr } from '../../k3s/cidr';
import type { ClusterDocument } from '../../document/clusterDocument';
import type { Cluster, ClusterNode } from '../../cluster/cluster';
import type { Fix, RuleContext } from '../rule';
import { inSequence } from '../../document/inSequence';
import { optionPaths } from './places';
import { nodesOf } from '../../cluster/roles';
import { isWritten, writtenList } from '../../cluster/written';

export interface Network {
  readonly text: string;
  readonly cidr: Cidr;
  readonly kind: 'pod' | 'service';
  /** Where it is written; absent for K3s's default. */
  readonly path?: Path;
}

const DEFAULTS = { 'cluster-cidr': '10.42.0.0/16', 'service-cidr': '10.43.0.0/16' } as const;

const DEFAULT_NETWORKS = {
  pod: defaultNetwork('cluster-cidr', 'pod'),
  service: defaultNetwork('service-cidr', 'service'),
} as const;

function defaultNetwork(option: keyof typeof DEFAULTS, kind: Network['kind']): readonly Network[] {
  const cidr = parseCidr(DEFAULTS[option]);
  return cidr === undefined ? [] : [{ text: DEFAULTS[option], cidr, kind }];
}

/** The pod and service networks of a server, K3s's defaults included. */
export function networksOf(context: RuleContext, server: ClusterNode): readonly Network[] {
  return [...networks(context, server, 'cluster-cidr', 'pod'), ...networks(context, server, 'service-cidr', 'service')];
}

function networks(
  context: RuleContext,
  server: ClusterNode,
  option: keyof typeof DEFAULTS,
  kind: Network['kind'],
): readonly Network[] {
  if (!isWritten(server, option)) return DEFAULT_NETWORKS[kind];
  const written = writtenList(server, option);
  const [path] = optionPaths(context, server, option);
  return (written.length === 0 ? [DEFAULTS[option]] : written).flatMap((text) => {
    const cidr = parseCidr(text);
    return cidr === undefined
      ? []
      : [{ text, cidr, kind, ...(written.length === 0 || path === undefined ? {} : { path }) }];
  });
}

/**
 * The IP versions of a server's networks; undefined when one cannot be read. Left out, K3s takes a network of the version that
 * its first `node-ip` has: https://github.com/k3s-io/k3s/blob/main/pkg/cli/server/server.go
 */
export function networkFamilies(server: ClusterNode, option: keyof typeof DEFAULTS): readonly (4 | 6)[] | undefined {
  const written = writtenList(server, option);
  if (written.length === 0) return [addressFamily(writtenList(server, 'node-ip')[0] ?? '') ?? 4];
  const read = written.flatMap((text) => parseCidr(text)?.family ?? []);
  return read.length === written.length ? read : undefined;
}

/** Addresses of the machines this file speaks of; names are left out. */
function machineAddresses(cluster: Cluster): readonly string[] {
  const nodes = nodesOf(cluster);
  return nodes.flatMap((node) => [
    ...new Set([node.host, node.address, ...writtenList(node, 'node-ip'), ...writtenList(node, 'node-external-ip')]),
  ]);
}

const PAIRS = [
  ['10.42.0.0/16', '10.43.0.0/16'],
  ['10.142.0.0/16', '10.143.0.0/16'],
  ['172.28.0.0/16', '172.29.0.0/16'],
  ['10.242.0.0/16', '10.243.0.0/16'],
] as const;

/** A fix that moves the pod and service networks of all servers to ranges that hold none of the file's addresses. */
export function moveNetworks(context: RuleContext, avoid: readonly string[]): readonly Fix[] {
  const { cluster, document } = context;
  const addresses = [...machineAddresses(cluster), ...avoid];
  const pair = PAIRS.find((candidates) =>
    candidates.every((text) => {
      const cidr = parseCidr(text);
      return cidr !== undefined && !addresses.some((address) => cidrContains(cidr, address));
    }),
  );
  // Two families have to move together, which is more than a quick fix should decide.
  const dual = cluster.servers.some((server) => networksOf(context, server).some(({ cidr }) => cidr.family === 6));
  if (pair === undefined || dual) return [];
  const [pods, services] = pair;
  return [
    {
      title: say`Use ${pods} for pods and ${services} for services`,
      edits: inSequence(
        document,
        ...networkSteps(context, 'cluster-cidr', pods),
        ...networkSteps(context, 'service-cidr', services),
      ),
      safe: false,
    },
  ];
}

function networkSteps(
  context: RuleContext,
  option: keyof typeof DEFAULTS,
  text: string,
): readonly ((document: ClusterDocument) => readonly TextEdit[])[] {
  const paths = context.cluster.servers.flatMap((server) => optionPaths(context, server, option).slice(0, 1));
  const unique = [...new Map(paths.map((path) => [path.join('\u0000'), path])).values()];
  if (unique.length === 0) {
    if (text === DEFAULTS[option]) return [];
    return [(document) => setValue(document, ['servers', 'config', option], text)];
  }
  return unique.map((path) => (document) => setValue(document, path, text));
}

/** The first pod and service network that share addresses. */
export function overlapping(all: readonly Network[]): { readonly pod: Network; readonly service: Network } | undefined {
  for (const pod of all.filter(({ kind }) => kind === 'pod')) {
    const service = all.find((other) => other.kind === 'service' && cidrsOverlap(pod.cidr, other.cidr));
    if (service !== undefined) return { pod, service };
  }
  return undefined;
}
