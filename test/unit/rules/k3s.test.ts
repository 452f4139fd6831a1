import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrContains, cidrsOverlap, parseCidr, sameAddress } from '../../../src/core/k3s/cidr';
import { parseDatastoreEndpoint } from '../../../src/core/datastore/endpoint/dsn';
import { compareK3sVersions, parseK3sVersion, repairK3sVersion } from '../../../src/core/k3s/versions';

function cidr(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe('K3s versions', () => {
  const order = [
    'v0.9.1',
    'v1.17.0+k3s.1',
    'v1.17.17+k3s1',
    'v1.18.6+k3s1',
    'v1.19.5+k3s1',
    'v1.19.5+k3s2',
    'v1.36.3-alpha1+k3s1',
    'v1.36.3-rc1+k3s1',
    'v1.36.3-rc2+k3s1',
    'v1.36.3-rc10+k3s1',
    'v1.36.3+k3s1',
    'v1.36.10+k3s1',
  ];
  const compare = (a: string, b: string) => {
    const [left, right] = [parseK3sVersion(a), parseK3sVersion(b)];
    if (left === undefined || right === undefined) throw new Error(`${a} ${b}`);
    return Math.sign(compareK3sVersions(left, right));
  };

  it('are ordered by Kubernetes version, pre-release and build', () => {
    for (const [i, a] of order.entries())
      for (const [j, b] of order.entries()) expect(compare(a, b), `${a} ${b}`).toBe(Math.sign(i - j));
  });

  it.each([
    '1.36.3+k3s1',
    'v1.36.3',
    'v1.36.3-k3s1',
    'v1.36+k3s1',
    'v1.36.3+k3s',
    'v1.36.3+rke2r1',
    ' v1.36.3+k3s1',
    'latest',
    '',
  ])('refuse %j', (text) => {
    expect(parseK3sVersion(text)).toBeUndefined();
  });

  it.each([
    ['v1.19.5-k3s2', 'v1.19.5+k3s2'],
    ['1.36.3+k3s1', 'v1.36.3+k3s1'],
    ['V1.36.3%2Bk3s1', 'v1.36.3+k3s1'],
    ['v1.36.3-rc1-k3s1', 'v1.36.3-rc1+k3s1'],
    ['1.36.3', 'v1.36.3+k3s1'],
    ['1.36', undefined],
    ['stable', undefined],
    ['v1.36.3+rke2r1', undefined],
  ])('%j was meant as %j', (text, meant) => {
    expect(repairK3sVersion(text)).toBe(meant);
  });
});

describe('networks', () => {
  it.each([
    ['10.42.0.0/16', '10.43.0.0/16', false],
    ['10.42.0.0/15', '10.43.0.0/16', true],
    ['0.0.0.0/0', '192.168.1.0/24', true],
    ['10.42.7.9/16', '10.42.0.0/32', true],
    ['fd00:42::/56', 'fd00:42:0:ff::/64', true],
    ['fd00:42::/56', 'fd00:42:0:100::/64', false],
    ['::/0', '10.0.0.0/8', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(cidrsOverlap(cidr(a), cidr(b))).toBe(expected);
    expect(cidrsOverlap(cidr(b), cidr(a))).toBe(expected);
  });

  it('hold their addresses and no others', () => {
    expect(cidrContains(cidr('10.42.0.0/16'), '10.42.255.255')).toBe(true);
    expect(cidrContains(cidr('10.42.0.0/16'), '10.43.0.0')).toBe(false);
    expect(cidrContains(cidr('2001:db8::/32'), '2001:db8:ffff::1')).toBe(true);
    expect(cidrContains(cidr('10.42.0.0/16'), 'server-1.example.com')).toBe(false);
  });

  it.each([
    '10.42.0.0',
    '10.42.0.0/33',
    '10.42.0/16',
    '256.0.0.0/8',
    '::1/129',
    '1::2::3/64',
    ':::/64',
    '12345::/16',
    'a/b',
    '/16',
    '',
  ])('%j is none', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it('addresses are the same in any spelling', () => {
    expect(sameAddress('2001:DB8:0:0::1', '[2001:db8::1]')).toBe(true);
    expect(sameAddress('::ffff:10.0.0.1', '::ffff:a00:1')).toBe(true);
    expect(sameAddress('K3s.Example.com.', 'k3s.example.com')).toBe(true);
    expect(sameAddress('10.0.0.1', '10.0.0.10')).toBe(false);
  });
});

describe('datastore endpoints', () => {
  const part = (text: string, range: { start: number; end: number } | undefined) =>
    range === undefined ? undefined : text.slice(range.start, range.end);

  it.each([
    ['mysql://u:p@tcp(db:3306)/k3s', 'mysql', ['db:3306'], 'p', false],
    ['mysql://u:p@s:s/w@tcp(db)/k3s', 'mysql', ['db:'], 'p@s:s/w', false],
    [
      'mysql://u:${file:a@b/c(1)}@tcp([2001:db8::1]:3306)/k3s',
      'mysql',
      ['2001:db8::1:3306'],
      '${file:a@b/c(1)}',
      false,
    ],
    ['mysql://root@unix(/run/mysqld.sock)/k3s', 'mysql', [], undefined, true],
    ['mysql://', 'mysql', [], undefined, true],
    ['mysql:///k3s', 'mysql', [], undefined, true],
    ['mysql://u:p@(db:3306)/', 'mysql', ['db:3306'], 'p', false],
    ['postgres://u:p%40@db:5432/k3s?sslmode=require', 'postgres', ['db:5432'], 'p%40', false],
    ['postgresql://a:1,b:2/k3s', 'postgres', ['a:1', 'b:2'], undefined, false],
    ['postgres://', 'postgres', [], undefined, true],
    ['postgres:///k3s?host=/var/run/postgresql', 'postgres', [], undefined, true],
    ['postgres:///k3s?host=db', 'postgres', [], undefined, false],
    ['https://a:2379,https://[::1]:2379', 'etcd', ['a:2379', '::1:2379'], undefined, false],
    ['nats://u:p@nats:4222?bucket=kine', 'nats', ['nats:4222'], 'p', false],
    ['sqlite:///var/lib/state.db', 'sqlite', [], undefined, false],
    ['oracle://db', undefined, [], undefined, false],
    ['db:3306/k3s', undefined, [], undefined, false],
  ])('%s', (text, driver, addresses, password, local) => {
    const parsed = parseDatastoreEndpoint(text);
    expect(parsed.driver).toBe(driver);
    expect(parsed.addresses.map(({ host, port }) => `${host}:${port ?? ''}`)).toEqual(addresses);
    for (const address of parsed.addresses) expect(part(text, address.range)).toBe(address.host);
    expect(part(text, parsed.password)).toBe(password);
    expect(parsed.local).toBe(local);
  });

  it('accepts any text', () => {
    const scheme = fc.constantFrom('mysql://', 'postgres://', 'https://', 'nats://', '');
    const rest = fc.string({
      unit: fc.constantFrom('a', ':', '@', '/', '(', ')', '[', ']', '?', ',', '$', '{', '}', '1'),
    });
    fc.assert(
      fc.property(scheme, rest, (head, tail) => {
        const { addresses, password } = parseDatastoreEndpoint(head + tail);
        for (const { start, end } of [
          ...addresses.map(({ range }) => range),
          ...(password === undefined ? [] : [password]),
        ]) {
          expect(start).toBeGreaterThanOrEqual(head.length);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(head.length + tail.length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
