import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../../src/core/document/parse';
import { validate } from '../../../../src/core/language/validate';
import { normalise } from '../../../../src/core/cluster/normalise';
import { readAddresses, type Layout } from '../../../../src/core/authoring/starter/addresses';
import {
  clusterName,
  endpointProblem,
  freeName,
  starterText,
} from '../../../../src/core/authoring/starter/starterText';

function read(line: string, layout: Layout) {
  const result = readAddresses(line, layout);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe('the addresses of a new cluster', () => {
  it('are read from one line, in any order and with or without punctuation', () => {
    const expected = { servers: ['10.0.0.[11-13]'], agents: ['a.example.com', 'b.example.com'], fixed: '10.0.0.100' };
    for (const line of [
      'servers 10.0.0.[11-13], address 10.0.0.100, agents a.example.com b.example.com',
      '10.0.0.[11-13] vip 10.0.0.100 workers: a.example.com, b.example.com',
      'Agents: a.example.com; b.example.com; LB 10.0.0.100; Servers: 10.0.0.[11-13]',
    ])
      expect(read(line, 'embedded-etcd')).toEqual(expected);
  });

  it.each<[Layout, string, string]>([
    ['embedded-etcd', '', 'needs three servers'],
    ['embedded-etcd', '10.0.0.[1-4] address 10.0.0.9', '4 members of etcd survive no more losses than 3'],
    ['embedded-etcd', '10.0.0.[1-3]', 'Type "address"'],
    ['embedded-etcd', '10.0.0.[1-3] address 10.0.0.2', '10.0.0.2 stands there twice'],
    ['embedded-etcd', '10.0.0.[1-3] address 10.0.0.8 10.0.0.9', 'one fixed address'],
    ['embedded-etcd', '10.0.0.[1-3] address 10.0.1.[1-2]', 'not a range'],
    ['embedded-etcd', '10.0.0.[1-3] address http://x', '"http://x" is neither'],
    ['external-datastore', '10.0.0.1 address 10.0.0.9', 'at least two servers'],
    ['single-server', '10.0.0.[1-2]', 'one server'],
  ])('of %s: %j is refused', (layout, line, reason) => {
    const result = readAddresses(line, layout);
    expect(result.ok ? '' : result.error).toContain(reason);
  });
});

const ENDPOINTS = [
  'mysql://k3s:p@tcp(db.example.com:3306)/k3s',
  'postgres://k3s:hunter2@db.example.com:5432/k3s',
  'nats://k3s:hunter2@nats.example.com:4222?replicas=3',
  'https://etcd-1:2379,https://etcd-2:2379,https://etcd-3:2379',
];

describe('a new cluster file', () => {
  it('has nothing that the rules are against, whatever is answered', () => {
    const answers = fc.record({
      layout: fc.constantFrom<Layout>('embedded-etcd', 'external-datastore', 'single-server'),
      half: fc.integer({ min: 1, max: 2 }),
      agents: fc.integer({ min: 0, max: 40 }),
      ranges: fc.boolean(),
      ipv6: fc.boolean(),
      name: fc.string({ maxLength: 50 }),
      endpoint: fc.constantFrom(...ENDPOINTS),
    });
    fc.assert(
      fc.property(answers, ({ layout, half, agents, ranges, ipv6, name, endpoint }) => {
        const servers = layout === 'single-server' ? 1 : layout === 'embedded-etcd' ? 2 * half + 1 : half + 1;
        const hosts = (prefix: string, count: number): string =>
          count === 0
            ? ''
            : ranges && count > 1
              ? `${prefix}[1-${count}]`
              : Array.from({ length: count }, (_none, i) => `${prefix}${i + 1}`).join(' ');
        const net = (part: number): string => (ipv6 ? `fd00:0:0:${part}::` : `10.0.${part}.`);
        const addresses = read(
          `servers ${hosts(net(1), servers)} ${layout === 'single-server' ? '' : `address ${net(0)}99`} agents ${hosts(net(2), agents)}`,
          layout,
        );
        const { text, storeSecrets } = starterText({
          name: clusterName(name),
          layout,
          addresses,
          ...(layout === 'external-datastore' ? { endpoint } : {}),
        });
        const cluster = normalise(parseDocument(text).data);
        expect([cluster.servers.length, cluster.agents.length]).toEqual([servers, agents]);
        // A database that is still to be named is of examples.
        const findings = validate(text).filter(({ code }) => code !== 'single-server' && code !== 'placeholder-value');
        expect(findings.map(({ code, message }) => `${code}: ${message}\n${text}`)).toEqual([]);
        for (const secret of Object.values(storeSecrets)) if (secret.length > 3) expect(text).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });

  it('names machines through, and keeps the password outside', () => {
    const { text, storeSecrets } = starterText({
      name: 'edge',
      layout: 'external-datastore',
      addresses: read('10.0.0.1 10.0.0.2 lb 10.0.0.9 agents 10.0.1.5 10.0.2.[1-3]', 'external-datastore'),
      endpoint: ENDPOINTS[1] ?? '',
    });
    expect(text).toContain('    - host: 10.0.2.[1-3]\n      name: agent-[2-4]\n');
    expect(text).toContain('endpoint: postgres://k3s:${secret:edge-db-password}@db.example.com:5432/k3s');
    expect(storeSecrets).toEqual({ 'edge-db-password': 'hunter2' });
  });

  it.each([
    ['', 'Begin with'],
    ['db.example.com', 'Begin with'],
    ['mysql://k3s:p@db:3306/k3s', 'tcp(…)'],
    ['postgres://', 'names no host'],
  ])('tells of the endpoint %j what is wrong', (endpoint, problem) =>
    expect(endpointProblem(endpoint)).toContain(problem),
  );

  it.each(ENDPOINTS)('takes the endpoint %j', (endpoint) => expect(endpointProblem(endpoint)).toBeUndefined());

  it.each([
    ['My Cluster!', 'my-cluster'],
    ['', 'edge'],
    [undefined, 'edge'],
    ['2024', 'edge'],
    ['--a--', 'a'],
  ])('takes its name from the folder %j', (folder, name) => expect(clusterName(folder)).toBe(name));

  it('takes a name that no other cluster has', () => {
    expect(freeName('edge', ['other'])).toBe('edge');
    expect(freeName('edge', ['edge', 'edge-2'])).toBe('edge-3');
  });
});
