import { hostAndPort, passwordBefore, type EndpointParts } from './endpointParts';

/** `[user[:password]@][network[(address)]]/database[?parameters]`, split at the last `/` and the last `@` before it as go-sql-driver does. */
export function readMysqlEndpoint(text: string, start: number): EndpointParts {
  const slash = text.lastIndexOf('/');
  const hasDatabaseSlash = slash >= start;
  const query = text.indexOf('?', start);
  const end = hasDatabaseSlash ? slash : query < 0 ? text.length : query;
  const at = text.lastIndexOf('@', end);
  const credentials = at >= start;
  const from = credentials ? at + 1 : start;
  const open = text.indexOf('(', from);
  const hasAddress = open >= 0 && open < end;
  const network = text.slice(from, hasAddress ? open : end);
  const close = hasAddress && text[end - 1] === ')' ? end - 1 : end;
  const tcp = hasAddress && (network === 'tcp' || network === '');
  const address = tcp ? hostAndPort(text, open + 1, close) : undefined;
  return {
    addresses: address === undefined ? [] : [address],
    local:
      network === 'unix' ||
      (!hasAddress && (network === '' || network === 'tcp')) ||
      (tcp && /^(?::\d*)?$/.test(text.slice(open + 1, close))),
    ...(credentials ? passwordBefore(text, start, at) : {}),
    mysql: { network, range: { start: from, end }, hasDatabaseSlash },
  };
}
