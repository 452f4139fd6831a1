import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { MergeMode } from '../../../src/core/kubeconfig/merge';
import { merge } from '../../../src/core/kubeconfig/merge';
import { prepare } from '../../../src/core/kubeconfig/prepare';
import { CA, k3sYaml, pem } from '../../unit/kubeconfig/k3sYaml';

/** The judge is the real kubectl: what it reads in our merged file is compared with its own merge of the two files. */
const run = promisify(execFile);
const CASES = 40;

type Fields = Record<string, unknown>;
interface View {
  clusters: { name: string; cluster: Fields }[] | null;
  contexts: { name: string; context: Fields }[] | null;
  users: { name: string; user: Fields }[] | null;
  'current-context': string;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k3s-ha-oracle-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function view(files: Record<string, string>): Promise<View> {
  const paths = await Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      const path = join(folder, name);
      await writeFile(path, text, { mode: 0o600 });
      return path;
    }),
  );
  const { stdout } = await run('kubectl', ['config', 'view', '--merge', '--flatten', '--raw', '-o', 'json'], {
    env: { ...process.env, KUBECONFIG: paths.join(delimiter) },
  });
  return JSON.parse(stdout) as View;
}

const name = fc.constantFrom('edge', 'edge-2', 'prod', 'on', '7', 'a:b', 'k3s.io/x@y', 'größe', 'no');
const base64 = fc.constantFrom(CA, pem('CERTIFICATE', 'T1RIRVI='), pem('CERTIFICATE', 'MTIzNA=='));
const server = fc.constantFrom('https://10.0.0.100:6443', 'https://lab:6443', 'https://[fd00::1]:6443');
const extension = fc.record({ extensions: fc.constant([{ name: 'tool', extension: { a: 1, list: ['x'] } }]) });
const cluster = fc.oneof(
  fc.record({ server, 'certificate-authority-data': base64 }),
  fc.record({ server, 'insecure-skip-tls-verify': fc.constant(true), 'tls-server-name': fc.constant('y') }),
  fc
    .tuple(
      fc.record({ server, 'certificate-authority-data': base64, 'proxy-url': fc.constant('http://proxy:3128') }),
      extension,
    )
    .map(([a, b]) => ({ ...a, ...b })),
);
const user = fc.oneof(
  fc.record({ 'client-certificate-data': base64, 'client-key-data': base64 }),
  fc.record({ token: fc.constantFrom('abc', '12345', 'yes') }),
  fc.record({
    exec: fc.constant({
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'login',
      args: ['--to', 'on'],
      env: null,
      interactiveMode: 'Never',
      provideClusterInfo: false,
    }),
  }),
);
const context = fc.record(
  { cluster: name, user: name, namespace: fc.constantFrom('shop', 'off') },
  { requiredKeys: ['cluster', 'user'] },
);
const list = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .uniqueArray(fc.tuple(name, value), { maxLength: 4, selector: ([n]) => n })
        .map((pairs) => pairs.map(([n, v]) => ({ name: n, [key]: v }))),
    },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  );
const config = fc.record({
  clusters: list('cluster', cluster),
  contexts: list('context', context),
  users: list('user', user),
  current: fc.option(name),
  tool: fc.boolean(),
});

type Shape = 'block' | 'compact' | 'flow' | 'json' | 'crlf' | 'quoted';
const shape = fc.constantFrom<Shape[]>('block', 'compact', 'flow', 'json', 'crlf', 'quoted');

/** A kubeconfig text with comments around every top-level key and in the lists. */
function print(value: unknown, how: Shape): string {
  const { current, tool, ...lists } = value as { current: string | null; tool: boolean } & Fields;
  const data = {
    apiVersion: 'v1',
    kind: 'Config',
    ...lists,
    ...(current === null ? {} : { 'current-context': current }),
    ...(tool ? { 'x-tool': { keep: ['me'] } } : {}),
  };
  if (how === 'json') return `${JSON.stringify(data, null, 2)}\n`;
  const text = stringify(data, {
    version: '1.1',
    lineWidth: 0,
    indentSeq: how !== 'compact',
    ...(how === 'flow' ? { collectionStyle: 'flow' as const } : {}),
    ...(how === 'quoted' ? { defaultStringType: 'QUOTE_SINGLE' as const } : {}),
  });
  if (how === 'flow') return `# top\n${text}# end\n`;
  let count = 0;
  const commented = text
    .split('\n')
    .map((line) =>
      /^\S.*:|^ *- /.test(line) ? `${/^ */.exec(line)?.[0] ?? ''}# c${++count}\n${line}  # t${count}` : line,
    )
    .join('\n');
  return how === 'crlf' ? commented.replaceAll('\n', '\r\n') : commented;
}

const comments = (text: string): string[] => text.match(/# (?:[ct]\d+|top|end)/g) ?? [];

/** What stays the user's when the same cluster is merged again. */
const THEIRS = ['namespace', 'extensions', 'proxy-url'];

const entries = (v: View, kind: 'clusters' | 'contexts' | 'users'): Map<string, Fields> =>
  new Map(
    (v[kind] ?? []).map((item) => [item.name, (item as unknown as Record<string, Fields>)[kind.slice(0, -1)] ?? {}]),
  );

test('kubectl reads the merged file as its own merge of both files, and no comment is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      config,
      shape,
      name,
      base64,
      fc.constantFrom<MergeMode[]>('overwrite', 'keep-both'),
      async (existing, how, wish, ca, mode) => {
        const access = prepare(k3sYaml(ca), { name: wish, server: 'https://10.0.0.100:6443' });
        if (!access.ok) throw new Error(access.error.message);
        const before = print(existing, how);
        const result = merge(before, access.value, mode);
        if (!result.ok) throw new Error(`${result.error.message} ${result.error.why ?? ''}`);
        const { text, contextName } = result.value;

        const ours = prepare(k3sYaml(ca), { name: contextName, server: 'https://10.0.0.100:6443' });
        if (!ours.ok) throw new Error(ours.error.message);
        const [old, got, expected] = await Promise.all([
          view({ 'old.yaml': before }),
          view({ 'merged.yaml': text }),
          view({ 'first.yaml': ours.value.text, 'second.yaml': before }),
        ]);
        expect(got['current-context']).toBe(old['current-context']);
        for (const kind of ['clusters', 'contexts', 'users'] as const) {
          const [was, is, should] = [entries(old, kind), entries(got, kind), entries(expected, kind)];
          expect([...is.keys()].sort()).toEqual([...should.keys()].sort());
          for (const [entry, fields] of should) {
            const kept =
              entry === contextName
                ? THEIRS.filter((key) => key in (was.get(entry) ?? {}) && key in (is.get(entry) ?? {}))
                : [];
            expect(is.get(entry)).toEqual({
              ...fields,
              ...Object.fromEntries(kept.map((key) => [key, was.get(entry)?.[key]])),
            });
          }
          if (mode === 'keep-both' && was.has(wish) && contextName !== wish)
            expect(is.get(wish)).toEqual(was.get(wish));
        }
        expect(comments(text)).toEqual(expect.arrayContaining(comments(before)));
        expect(merge(text, access.value, mode)).toEqual(result);
      },
    ),
    { seed: 20261121, numRuns: CASES, endOnFailure: false },
  );
}, 120_000);
