import type { TextRange } from '../../base/text';
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

/** The endpoint with another machine; `range` is the old one without brackets. */
export function withHost(text: string, range: TextRange, host: string): string {
  const bracket = text[range.start - 1] === '[' ? 1 : 0;
  return text.slice(0, range.start - bracket) + host + text.slice(range.end + bracket);
}
