import type { TextRange } from '../../base/text';
import { hideReferences, holdsReference } from '../../datastore/endpoint/dsn';
import { cidrContains, parseCidr } from '../../k3s/cidr';
import type { Finding, RuleContext } from '../rule';
import type { WrittenEndpoint } from './datastore';
import { writtenEndpoints } from './datastore';
import { samePath } from './places';

/** The endpoint that a finding stands at. */
export function endpointOf(context: RuleContext, finding: Finding): WrittenEndpoint | undefined {
  return writtenEndpoints(context).find(({ path }) => samePath(path, finding.path));
}

const LOOPBACK = [parseCidr('127.0.0.0/8'), parseCidr('::1/128')].flatMap((cidr) => (cidr === undefined ? [] : [cidr]));

export function isLoopback(host: string): boolean {
  return /^localhost\.?$/i.test(host) || LOOPBACK.some((cidr) => cidrContains(cidr, host));
}

/** The part of an endpoint that is to name the machine and cannot be read; undefined when it can, or is not there at all. */
export function unreadableAddress({ text, parsed }: WrittenEndpoint): string | undefined {
  const { driver, addresses, mysql } = parsed;
  if (addresses.length > 0 || (driver !== 'mysql' && driver !== 'postgres')) return undefined;
  const hidden = hideReferences(text);
  if (mysql !== undefined) {
    const inside = /^tcp\((.*)\)$/.exec(hidden.slice(mysql.range.start, mysql.range.end))?.[1] ?? '';
    return inside === '' || /^:\d*$/.test(inside) || holdsReference(inside) ? undefined : inside;
  }
  const [, authority = ''] = /^[^:]*:\/\/([^/?#]*)/.exec(hidden) ?? [];
  const address = authority.slice(authority.lastIndexOf('@') + 1);
  return address === '' || /^:\d*$/.test(address) || holdsReference(address) ? undefined : address;
}

/** The endpoint with another machine; `range` is the old one without brackets. */
export function withHost(text: string, range: TextRange, host: string): string {
  const bracket = text[range.start - 1] === '[' ? 1 : 0;
  return text.slice(0, range.start - bracket) + host + text.slice(range.end + bracket);
}
