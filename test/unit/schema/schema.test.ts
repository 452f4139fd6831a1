import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import {
  K3S_OPTION_SCHEMAS as K3S_OPTIONS,
  ROOT_SCHEMA,
  type SchemaNode,
} from '../../../src/core/language/schemaModel';
import { complete } from '../../../src/core/language/complete';
import { validate } from '../../../src/core/language/validate';
import { validateSchema } from '../../../src/core/language/validateSchema';
import { normalise } from '../../../src/core/cluster/normalise';

const ROOT = path.join(import.meta.dirname, '../../..');
const definitions = ROOT_SCHEMA.definitions ?? {};

describe('options of K3s', () => {
  const options = Object.entries(K3S_OPTIONS);

  it('are all there', () => {
    expect(options).toHaveLength(127);
    for (const name of [
      'tls-san',
      'cluster-init',
      'datastore-endpoint',
      'node-taint',
      'disable-apiserver-lb',
      'etcd-s3-retention',
    ])
      expect(K3S_OPTIONS).toHaveProperty([name]);
  });

  it.each(options)('%s has a type, a description, a role and a category', (_name, option) => {
    expect(option.type).toBeDefined();
    expect(option.description).toMatch(/^[A-Z].{15,}\.$/s);
    expect(option['x-k3s']?.role).toMatch(/^(?:server|agent|both)$/);
    expect(option['x-k3s']?.category).toMatch(/^[a-z]+$/);
  });

  it('stand under the config of exactly the roles that know them', () => {
    const of = (role: string): string[] =>
      options.filter(([, option]) => ['both', role].includes(option['x-k3s']?.role ?? '')).map(([name]) => name);
    expect(Object.keys(definitions['serverConfig']?.properties ?? {})).toEqual(of('server'));
    expect(Object.keys(definitions['agentConfig']?.properties ?? {})).toEqual(of('agent'));
  });

  it.each([['serverConfig'], ['agentConfig']])('of %s can be added to where they are lists', (name) => {
    const [pattern = ''] = Object.keys(definitions[name]?.patternProperties ?? {});
    for (const key of Object.keys(definitions[name]?.properties ?? {})) {
      const isList = [K3S_OPTIONS[key]?.type].flat().includes('array');
      expect([key, new RegExp(pattern).test(`${key}+`)]).toEqual([key, isList]);
    }
  });

  it('mark as secret whatever holds one', () => {
    const secret = options.filter(([, option]) => option['x-k3s']?.secret === true).map(([name]) => name);
    expect(secret.sort()).toEqual([
      'agent-token',
      'datastore-endpoint',
      'etcd-s3-access-key',
      'etcd-s3-secret-key',
      'etcd-s3-session-token',
      'token',
      'vpn-auth',
    ]);
  });
});

describe('the schema', () => {
  it('closes every block of ours and describes every key', () => {
    const visit = (node: SchemaNode, at: string): void => {
      if (node.properties !== undefined) {
        if (!at.endsWith('.env')) expect([at, node.additionalProperties]).toEqual([at, false]);
        for (const [key, child] of Object.entries(node.properties)) {
          if (child.$ref === undefined)
            expect([`${at}.${key}`, typeof child.description]).toEqual([`${at}.${key}`, 'string']);
          visit(child, `${at}.${key}`);
        }
      }
      if (node.items !== undefined) visit(node.items, `${at}[]`);
    };
    visit(ROOT_SCHEMA, '');
    for (const [name, node] of Object.entries(definitions)) visit(node, name);
  });

  it('has only patterns that say what they want', () => {
    const text = readFileSync(path.join(ROOT, 'schemas/cluster.k3s.schema.json'), 'utf8');
    const nodes: SchemaNode[] = [];
    JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === 'object' && value !== null && typeof (value as { pattern?: unknown }).pattern === 'string')
        nodes.push(value as SchemaNode);
      return value;
    });
    expect(nodes.length).toBeGreaterThan(5);
    for (const node of nodes) expect(node['x-k3s']?.patternHint).toMatch(/such as|[a-z]+/);
  });
});

describe('generated files', () => {
  it('follow from the schema', async () => {
    const script = '../../../scripts/generate.mjs';
    const { generateAll } = (await import(script)) as { generateAll: () => Promise<Record<string, string>> };
    for (const [file, content] of Object.entries(await generateAll()))
      expect([file, readFileSync(path.join(ROOT, file), 'utf8') === content]).toEqual([file, true]);
  }, 60_000);

  it('hold a validator without run-time compilation', () => {
    expect(readFileSync(path.join(ROOT, 'src/core/cluster/generated/validator.js'), 'utf8')).not.toMatch(
      /new Function|\beval\(|^import /m,
    );
  });
});

describe('starters', () => {
  const snippets = JSON.parse(readFileSync(path.join(ROOT, 'schemas/snippets.json'), 'utf8')) as Record<
    string,
    { description: string; body: string[]; isFileTemplate: boolean }
  >;
  const plain = (body: string[]): string =>
    body
      .join('\n')
      .replace(/(?<!\\)\$\{\d+\|([^,|]+)[^}]*\|\}/g, '$1')
      .replace(/(?<!\\)\$\{\d+:([^}]*)\}/g, '$1')
      .replace(/(?<!\\)\$\d+/g, '')
      .replaceAll('\\$', '$')
      .replaceAll('\\}', '}');
  /** What only the person can know or decide is left to say. */
  const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
    'Single server': ['single-server'],
    MySQL: ['placeholder-value'],
    PostgreSQL: ['placeholder-value'],
    'External etcd with TLS': ['placeholder-value'],
  };

  it.each(Object.entries(snippets))('%s is right as it stands', (name, snippet) => {
    const text = plain(snippet.body);
    const document = parseDocument(text);
    expect(document.syntaxProblems).toEqual([]);
    expect(validateSchema(document)).toEqual([]);
    expect(
      validate(text)
        .map(({ code }) => code)
        .filter((code) => ACCEPTED[name]?.includes(code) !== true),
    ).toEqual([]);
  });

  it('are offered above all keys where a file begins, the one for most people first, and nowhere else', () => {
    const offered = (text: string): string[] =>
      complete(text, text.length)
        .toSorted((a, b) => (a.sortText < b.sortText ? -1 : 1))
        .map(({ label }) => label);
    const names = offered('').slice(0, Object.keys(snippets).length);
    expect(names[0]).toBe('Embedded etcd');
    expect(names.toSorted()).toEqual(Object.keys(snippets).toSorted());
    expect(offered('# mine\n')[0]).toBe('Embedded etcd');
    expect(offered('kind: Cluster\n')).not.toContain('Embedded etcd');
  });

  it('cover the ways to run a cluster', () => {
    const read = Object.fromEntries(
      Object.entries(snippets).map(([name, snippet]) => [name, normalise(parseDocument(plain(snippet.body)).data)]),
    );
    expect(Object.values(read).map((cluster) => cluster.datastore.type)).toEqual(
      expect.arrayContaining(['sqlite', 'embedded-etcd', 'mysql', 'postgres', 'etcd']),
    );
    expect(Object.values(read).some((cluster) => cluster.k3s.install.method === 'airgap')).toBe(true);
  });
});

describe('examples', () => {
  const folder = path.join(ROOT, 'examples');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.k3s.yaml') && !/^(?:broken|tutorials)/.test(file),
  );

  it.each(files)('%s follows the schema', (file) => {
    const document = parseDocument(readFileSync(path.join(folder, file), 'utf8'));
    expect(document.syntaxProblems).toEqual([]);
    expect(validateSchema(document)).toEqual([]);
  });
});

describe('kube-vip', () => {
  const found = (settings: string): readonly string[] =>
    validateSchema(
      parseDocument(
        `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: a}\nloadBalancer: {address: 10.0.0.9, type: kube-vip, ${settings}}\nservers: {nodes: [{host: a}]}\n`,
      ),
    ).map(({ message }) => message);

  it.each([
    'interface: ens18',
    'image: "registry.example.com:5000/kube-vip/kube-vip:v1.0.4"',
    `image: "kube-vip@sha256:${'0'.repeat(64)}"`,
    'bgp: {as: 65000, peers: [{address: 10.0.0.1, as: 65100, multihop: true}]}',
  ])('takes %s', (settings) => {
    expect(found(settings)).toEqual([]);
  });

  it.each([
    ['image: "x y"', 'name of an image'],
    ['bgp: {as: 0, peers: [{address: 10.0.0.1, as: 1}]}', 'as must be between 1 and 4294967295'],
    ['bgp: {as: 65000, peers: [{address: "10.0.0.1:1::x", as: 1}]}', 'IPv4 address'],
    ['bgp: {as: 65000, peers: []}', 'peers needs at least 1 entry'],
  ])('refuses %s', (settings, word) => {
    expect(found(settings).join('\n')).toContain(word);
  });
});
