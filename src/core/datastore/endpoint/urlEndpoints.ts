import type { TextRange } from '../../base/text';
import { hostAndPort, passwordBefore, type EndpointAddress, type EndpointParts } from './endpointParts';

/** Several URLs with commas between them, each with a scheme of its own. */
export function readUrlEndpoints(text: string): EndpointParts {
  const addresses: EndpointAddress[] = [];
  let password: TextRange | undefined;
  let offset = 0;
  for (const part of text.split(',')) {
    const separator = part.indexOf('://');
    // Within its own text: searched in the whole one, each of many members would cost as much as all of them.
    const parsed = readUrl(part, separator < 0 ? 0 : separator + 3, part.length);
    for (const address of parsed.addresses) addresses.push({ ...address, range: shifted(address.range, offset) });
    if (parsed.password !== undefined) password ??= shifted(parsed.password, offset);
    offset += part.length + 1;
  }
  return { addresses, local: /^unixs?:/i.test(text), ...(password === undefined ? {} : { password }) };
}

function shifted({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}

/** Reads `[user[:password]@]host[:port][,…][/…][?…]` between two places. */
export function readUrl(text: string, start: number, end: number, withoutCredentials = false): EndpointParts {
  const query = text.indexOf('?', start);
  const body = query >= 0 && query < end ? query : end;
  const at = withoutCredentials ? -1 : text.lastIndexOf('@', body - 1);
  const from = at >= start ? at + 1 : start;
  const slash = text.indexOf('/', from);
  const until = slash >= 0 && slash < body ? slash : body;
  const addresses: EndpointAddress[] = [];
  let offset = from;
  for (const part of text.slice(from, until).split(',')) {
    const address = hostAndPort(text, offset, offset + part.length);
    if (address !== undefined) addresses.push(address);
    offset += part.length + 1;
  }
  return { addresses, local: false, ...(at >= start ? passwordBefore(text, start, at) : {}) };
}
