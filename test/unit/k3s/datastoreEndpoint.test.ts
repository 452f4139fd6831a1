import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDatastoreEndpoint } from '../../../src/core/datastore/endpoint/dsn';
import { endpointParameters, withoutParameters } from '../../../src/core/datastore/endpoint/endpointParameters';
import { encodeUserInfo, unencodedUserInfo } from '../../../src/core/datastore/endpoint/postgresUrl';

function parts(endpoint: string) {
  const { addresses, password, local } = parseDatastoreEndpoint(endpoint);
  return {
    hosts: addresses.map(({ host }) => host),
    password: password === undefined ? undefined : endpoint.slice(password.start, password.end),
    local,
  };
}

describe('credentials in a PostgreSQL endpoint', () => {
  it.each([
    ['postgres://k3s:p@ss@db/k3s', 'p@ss', 'db'],
    ['postgres://k3s:pa/ss@db:5432/k3s', 'pa/ss', 'db'],
    ['postgres://k3s:pa?s@s#w@db:5432/k3s?sslmode=require', 'pa?s@s#w', 'db'],
    ['postgres://k3s:12/34@db:5432/k3s', '12/34', 'db'],
    ['postgres://k3s:p@ss/w@db/k3s', 'p@ss/w', 'db'],
    ['postgres://k3s:${secret:a/b@c}@db/k3s', '${secret:a/b@c}', 'db'],
    ['postgres://k3s:pw@db/k3s@home', 'pw', 'db'],
    ['postgres://db:5432/k3s@home', undefined, 'db'],
    ['postgres://db:5432/k3s?user=a@b/c', undefined, 'db'],
    ['postgres://[2001:db8::1]:5432/k3s@home', undefined, '2001:db8::1'],
  ])('%s: password %j, host %s', (endpoint, password, host) => {
    expect(parts(endpoint)).toEqual({ hosts: [host], password, local: false });
  });

  it.each(['pa/ss', 'a#b', 'a?b', '100%', '%zz', 'a b', 'caf\u00e9', '[x]', 'a^b', 'a|b', '${secret:p}/x'])(
    '%j has to be encoded',
    (password) => {
      const endpoint = `postgres://k3s:${password}@db.example.com:5432/k3s?sslmode=require`;
      const range = unencodedUserInfo(endpoint);
      expect(range).toBeDefined();
      const fixed =
        endpoint.slice(0, range?.start) +
        encodeUserInfo(endpoint.slice(range?.start, range?.end)) +
        endpoint.slice(range?.end);
      expect(unencodedUserInfo(fixed)).toBeUndefined();
      if (!password.includes('${')) expect(decodeURIComponent(new URL(fixed).password)).toBe(password);
      expect(new URL(fixed.replace(/\$\{[^}]*\}/g, 'x')).host).toBe('db.example.com:5432');
    },
  );

  it.each(['simple', 'p@ss', 'a:b', 'a%2Fb', "!$&'()*+,;=~", '${secret:a/b c}', ''])('%j may stay', (password) => {
    expect(unencodedUserInfo(`postgres://k3s:${password}@db.example.com:5432/k3s`)).toBeUndefined();
  });

  it('are encoded so that every password arrives', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/%[0-9A-Fa-f]{2}|\$\{/.test(text)),
        (password) => {
          const [, encoded = ''] = encodeUserInfo(`k3s:${password}`).split(':');
          expect(decodeURIComponent(encoded)).toBe(password);
        },
      ),
      { seed: 11 },
    );
  });
});

describe('an address that cannot be read', () => {
  it.each(['mysql://k3s:p@tcp(db:3306)/k3s?loc=Asia/Shanghai', 'mysql://k3s:p@tcp(db:33x6)/k3s'])(
    '%s is not the local machine',
    (endpoint) => {
      expect(parts(endpoint).local).toBe(false);
    },
  );

  it.each([
    'mysql://',
    'mysql://k3s:p@tcp()/k3s',
    'mysql://k3s:p@tcp(:3306)/k3s',
    'mysql://root@unix(/run/mysqld.sock)/k3s',
    'postgres://',
    'postgres://?host=/run/postgresql',
  ])('%s is', (endpoint) => {
    expect(parts(endpoint).local).toBe(true);
  });
});

describe('parameters of an endpoint', () => {
  const read = (endpoint: string) =>
    endpointParameters(endpoint, parseDatastoreEndpoint(endpoint)).map(({ name, value }) => `${name}=${value}`);
  const without = (endpoint: string, ...names: string[]) =>
    withoutParameters(endpoint, parseDatastoreEndpoint(endpoint), names);

  it('are found behind the password, whatever that holds', () => {
    expect(read('mysql://k3s:what?tls=x@tcp(db:3306)/k3s?tls=true&timeout=5s')).toEqual(['tls=true', 'timeout=5s']);
    expect(read('postgres://k3s:${secret:a?b=c}@db/k3s?sslmode=${env:MODE}')).toEqual(['sslmode=${env:MODE}']);
    expect(read('mysql://k3s@tcp(db:3306)/k3s')).toEqual([]);
  });

  it('are taken out by name', () => {
    expect(without('mysql://k3s@tcp(db)/k3s?tls=true&timeout=5s', 'tls')).toBe('mysql://k3s@tcp(db)/k3s?timeout=5s');
    expect(without('mysql://k3s@tcp(db)/k3s?a=1&tls=true&b=2', 'tls')).toBe('mysql://k3s@tcp(db)/k3s?a=1&b=2');
    expect(without('mysql://k3s@tcp(db)/k3s?tls=true', 'tls')).toBe('mysql://k3s@tcp(db)/k3s');
    expect(without('mysql://k3s@tcp(db)/k3s', 'tls')).toBe('mysql://k3s@tcp(db)/k3s');
  });
});
