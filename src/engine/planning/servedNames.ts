import type { ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import { presentOptions } from '../../core/facts/presentOptions';
import { optionTexts } from '../../core/facts/presentOptions';
import { parseCidr } from '../../core/k3s/cidr';
import { nodeNameOf, type Situation } from './situation';

/** A name or an address as certificates have them; nothing else of a host becomes an argument. */
const NAME = /^(?:[A-Za-z0-9*](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/;

/** Names of the certificate of the API that are served without being wanted, and wanted ones that are not served. */
export interface ServedNames {
  /** Wanted names that K3s says it serves. */
  readonly kept: readonly string[];
  readonly surplus: readonly string[];
  readonly missing: readonly string[];
}

/**
 * What the certificate has, against what its servers give it by themselves and what their configuration and the file say. All
 * servers share one certificate, so the names of all count. https://docs.k3s.io/cli/server#listeners
 */
export function servedNames(situation: Situation): ServedNames {
  const { cluster, facts } = situation;
  const served = new Set(cluster.servers.flatMap(({ id }) => facts.get(id)?.certificateNames ?? []).map(plain));
  const configured = new Set(cluster.servers.flatMap((server) => written(situation, server)).map(plain));
  const own = new Set(cluster.servers.flatMap((server) => ownNames(situation, server)).map(plain));
  return {
    kept: [...configured].filter((name) => served.has(name) && NAME.test(name)).sort(),
    surplus: [...served].filter((name) => !configured.has(name) && !own.has(name) && NAME.test(name)).sort(),
    missing: served.size === 0 ? [] : [...configured].filter((name) => !served.has(name)).sort(),
  };
}

/** `tls-san` of the file and of the running configuration. */
function written({ facts, desired }: Situation, server: ClusterNode): readonly string[] {
  const seen = facts.get(server.id);
  const present = seen === undefined ? [] : (presentOptions(seen, unitOf(server)).effective.get('tls-san') ?? []);
  const wanted = optionTexts(desired.get(server.id)?.options({ kind: 'found' })['tls-san'] ?? []);
  return [...present, ...wanted].flatMap((text) => text.split(',')).map((name) => name.trim());
}

/** What K3s puts there without being asked. */
function ownNames({ facts }: Situation, server: ClusterNode): readonly string[] {
  const seen = facts.get(server.id);
  if (seen === undefined) return [];
  const { effective } = presentOptions(seen, unitOf(server));
  const list = (name: string): readonly string[] => (effective.get(name) ?? []).flatMap((text) => text.split(','));
  const name = nodeNameOf(server, seen) ?? '';
  const domain = list('cluster-domain')[0] ?? 'cluster.local';
  const services = list('service-cidr').length > 0 ? list('service-cidr') : ['10.43.0.0/16'];
  return [
    ...['127.0.0.1', '::1', '0:0:0:0:0:0:0:1', 'localhost', name, name.split('.')[0] ?? name],
    ...[seen.hostname, ...seen.addresses, server.address, server.host],
    ...list('node-ip'),
    ...list('node-external-ip'),
    ...list('advertise-address'),
    ...list('bind-address'),
    ...['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${domain}`],
    ...services.map(firstAddress),
  ];
}

/** The first address of a network, which the Service `kubernetes` has. */
function firstAddress(cidr: string): string {
  const parsed = parseCidr(cidr.trim());
  if (parsed === undefined) return '';
  const value = parsed.base + 1n;
  if (parsed.family === 6) return (value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

function plain(name: string): string {
  return name.toLowerCase();
}
