import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogues, flat } from '../../../../scripts/lib/catalogues.mjs';
import { parseDocument } from '../../../../src/core/document/parse';
import { validate } from '../../../../src/core/language/validate';
import { normalise } from '../../../../src/core/cluster/normalise';
import { readAddresses, type Layout } from '../../../../src/core/authoring/starter/addresses';
import { layoutKind, LAYOUTS } from '../../../../src/core/authoring/starter/layouts';
import { columnsOf } from '../../../../src/views/briefWords';
import {
  clusterName,
  endpointProblem,
  freeName,
  starterText,
  userProblem,
} from '../../../../src/core/authoring/starter/starterText';

function read(line: string, layout: Layout) {
  const result = readAddresses(line, layout);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe('the layouts', () => {
  const tooWide = (texts: Readonly<Record<string, string>>): readonly string[] =>
    LAYOUTS.flatMap(({ label, detail }) => [label, detail])
      .map((text) => texts[text] ?? text)
      .filter((text) => columnsOf(text) > 72);

  it('are told in lines that a quick pick does not cut off, in every language', () => {
    expect(tooWide({})).toEqual([]);
    for (const language of catalogues()) expect(tooWide(flat(language))).toEqual([]);
  });
});

describe('the addresses of a new cluster', () => {
  it('are read from one line, in any order and with or without punctuation', () => {
    const expected = {
      servers: ['10.0.0.[11-13]'],
      agents: ['a.example.com', 'b.example.com'],
      balancers: [],
      fixed: '10.0.0.100',
    };
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
    ['single-server', '10.0.0.1 address 10.0.0.9', 'layout growing-server'],
    ['growing-server', '10.0.0.1', 'when it has more servers'],
    ['growing-server', '10.0.0.[1-3] address 10.0.0.9', 'one server'],
    ['external-etcd', '10.0.0.1 address 10.0.0.9', 'at least two servers'],
    ['air-gap', '10.0.0.[1-2] address 10.0.0.9', 'needs three servers'],
    ['kube-vip', '10.0.0.[1-3] address 10.0.0.9 balancers 10.0.0.5', 'belong to the layout haproxy'],
    ['haproxy', '10.0.0.[1-3] address 10.0.0.9', 'two machines that carry the address'],
    ['haproxy', '10.0.0.[1-3] address 10.0.0.9 balancers 10.0.0.5 10.0.0.5', '10.0.0.5 stands there twice'],
    ['haproxy', '10.0.0.[1-3] address 10.0.0.9 balancers 10.0.0.5 10.0.0.9', '10.0.0.9 stands there twice'],
  ])('of %s: %j is refused', (layout, line, reason) => {
    const result = readAddresses(line, layout);
    expect(result.ok ? '' : result.error).toContain(reason);
  });
});

const EXAMPLES = join(import.meta.dirname, '../../../../examples');
const ETCD = 'https://10.0.2.11:2379,https://10.0.2.12:2379,https://10.0.2.13:2379';
const ENDPOINTS = [
  'mysql://k3s:p@tcp(db.example.com:3306)/k3s',
  'postgres://k3s:hunter2@db.example.com:5432/k3s',
  'nats://k3s:hunter2@nats.example.com:4222?replicas=3',
  'https://etcd-1:2379,https://etcd-2:2379,https://etcd-3:2379',
];

/** Advice that is right for what was answered: a database of examples, one server with agents, etcd without another place for snapshots. */
const TOLD = ['single-server', 'placeholder-value'];

describe('a new cluster file', () => {
  it('has nothing that the rules are against, whatever is answered', () => {
    const answers = fc.record({
      kind: fc.constantFrom(...LAYOUTS),
      shared: fc.boolean(),
      half: fc.integer({ min: 1, max: 2 }),
      agents: fc.integer({ min: 0, max: 40 }),
      ranges: fc.boolean(),
      ipv6: fc.boolean(),
      name: fc.string({ maxLength: 50 }),
      endpoint: fc.constantFrom(...ENDPOINTS),
    });
    fc.assert(
      fc.property(answers, ({ kind, shared, half, agents, ranges, ipv6, name, endpoint }) => {
        const { layout, asks } = kind;
        const one = layout === 'single-server' || layout === 'growing-server';
        const servers = one ? 1 : asks === undefined ? 2 * half + 1 : half + 1;
        const hosts = (prefix: string, count: number): string =>
          count === 0
            ? ''
            : ranges && count > 1
              ? `${prefix}[1-${count}]`
              : Array.from({ length: count }, (_none, i) => `${prefix}${i + 1}`).join(' ');
        const net = (part: number): string => (ipv6 ? `fd00:0:0:${part}::` : `10.0.${part}.`);
        const addresses = read(
          `servers ${hosts(net(1), servers)} ${layout === 'single-server' ? '' : `address ${net(0)}99`} agents ${hosts(net(2), agents)} ${layout === 'haproxy' ? `balancers ${net(shared ? 1 : 3)}1 ${net(shared ? 1 : 3)}2` : ''}`,
          layout,
        );
        const { text, storeSecrets } = starterText({
          name: clusterName(name),
          layout,
          addresses,
          ...(asks === undefined ? {} : { endpoint: asks === 'etcd' ? (ENDPOINTS[3] ?? '') : endpoint }),
        });
        const cluster = normalise(parseDocument(text).data);
        expect([cluster.servers.length, cluster.agents.length]).toEqual([servers, agents]);
        // A database that is still to be named is of examples.
        const findings = validate(text).filter(
          ({ code, severity }) => severity === 'error' || severity === 'warning' || !TOLD.includes(code),
        );
        expect(findings.map(({ code, message }) => `${code}: ${message}\n${text}`)).toEqual([]);
        for (const secret of Object.values(storeSecrets)) if (secret.length > 3) expect(text).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[Layout, string]>([
    ['embedded-etcd', 'practice'],
    ['haproxy', 'haproxy-keepalived'],
    ['kube-vip', 'kube-vip'],
    ['external-datastore', 'mysql-slb'],
    ['external-etcd', 'external-etcd-tls'],
    ['air-gap', 'air-gap'],
    ['growing-server', 'growing-server'],
  ])(
    '%s: what is offered as an example is a file with nothing to mend, of the kind of examples/%s',
    (layout, folder) => {
      const { example, asks } = layoutKind(layout);
      const endpoint = { database: 'mysql://k3s:pa55@tcp(db.home.arpa:3306)/k3s', etcd: ETCD };
      const { text } = starterText({
        name: 'edge',
        layout,
        addresses: read(example, layout),
        ...(asks === undefined ? {} : { endpoint: endpoint[asks] }),
      });
      expect(validate(text).filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([]);
      const kind = (file: string) => {
        const { loadBalancer, datastore, k3s, servers } = normalise(parseDocument(file).data);
        return {
          balancer: loadBalancer?.type === 'dns' ? 'external' : loadBalancer?.type,
          machines: (loadBalancer?.nodes.length ?? 0) > 0,
          datastore: datastore.type,
          certificates: datastore.certFile,
          method: k3s.install.method,
          one: servers.length === 1,
        };
      };
      expect(kind(text)).toEqual(kind(readFileSync(join(EXAMPLES, folder, 'cluster.k3s.yaml'), 'utf8')));
    },
  );

  it('a server that will grow is told of the silenced finding once it has grown', () => {
    const grown = (example: string): string =>
      starterText({ name: 'edge', layout: 'growing-server', addresses: read(example, 'growing-server') }).text.replace(
        '    - host: 10.0.0.11\n      name: server-1\n',
        '    - host: 10.0.0.[11-13]\n      name: server-[1-3]\n',
      );
    const file = grown('server 10.0.0.11, address 10.0.0.100');
    expect(validate(file).map(({ code }) => code)).toEqual(['unused-ignore']);
    expect(grown('server 10.0.0.11, address k3s.home.arpa')).toContain('  type: dns\n');
  });

  it('says who logs in where that was answered, and leaves it to ssh where it was not', () => {
    const made = (user: string): string =>
      starterText({ name: 'edge', layout: 'single-server', addresses: read('10.0.0.11', 'single-server'), user }).text;
    expect(normalise(parseDocument(made('ubuntu')).data).servers[0]?.ssh.user).toBe('ubuntu');
    expect(normalise(parseDocument(made('')).data).servers[0]?.ssh.user).toBeUndefined();
    expect(
      ['', 'root', 'k3s-admin', '_svc', 'a b', '-oProxyCommand=x', 'a@b'].filter(
        (user) => userProblem(user) !== undefined,
      ),
    ).toEqual(['a b', '-oProxyCommand=x', 'a@b']);
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

  it.each(['http://10.0.2.11:2379', 'mysql://k3s:p@tcp(db:3306)/k3s', '10.0.2.11:2379'])(
    'etcd with certificates is not at %j',
    (endpoint) => expect(endpointProblem(endpoint, 'etcd')).toContain('Begin with https://'),
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
