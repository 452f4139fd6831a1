import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { readBlockText } from '../../../src/core/kubeconfig/blockText';
import type { MergeMode } from '../../../src/core/kubeconfig/merge';
import { merge } from '../../../src/core/kubeconfig/merge';
import { CA, CERT, KEY, pem, prepared } from './k3sYaml';

const name = fc.constantFrom(
  'edge',
  'edge-2',
  'prod',
  'arn:aws:eks:eu-west-1:1:cluster/x',
  'me@corp',
  'on',
  '7',
  'a b',
  'größe',
  '10.0.0.1',
);
const ca = fc.constantFrom(CA, pem('CERTIFICATE', 'T1RIRVI='));
const extension = fc.constant([
  {
    extension: {
      'last-update': 'Tue, 12 Mar 2024 10:00:00 UTC',
      provider: 'minikube',
      nested: [{ a: [] }, { b: {} }, 1, null, true],
    },
    name: 'info',
  },
]);
const cluster = fc.record(
  {
    'certificate-authority-data': ca,
    extensions: extension,
    server: fc.constantFrom('https://10.0.0.100:6443', 'https://[fd00::1]:6443'),
  },
  { requiredKeys: ['server'] },
);
const exec = fc.constant({
  apiVersion: 'client.authentication.k8s.io/v1',
  args: ['--to', 'on', '-c', '5'],
  command: 'login',
  env: null,
  installHint: '',
  provideClusterInfo: false,
});
const user = fc.oneof(
  fc.record({ 'client-certificate-data': fc.constantFrom(CERT, CA), 'client-key-data': fc.constant(KEY) }),
  fc.record({ exec }),
  fc.record({
    token: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom('abc.def', '12345', 'yes', '0x1f', '1e3', '~', 'null', '.5', 'a: b', 'a #b'),
      },
      { weight: 1, arbitrary: fc.constant('x\ny') },
    ),
  }),
);
const context = fc.record(
  { cluster: name, namespace: fc.constantFrom('shop', 'off'), user: name },
  { requiredKeys: ['cluster', 'user'] },
);
const list = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(fc.tuple(name, value), { maxLength: 5, selector: ([n]) => n })
    .map((pairs) => pairs.map(([n, v]) => ({ [key]: v, name: n })));
const config = fc.record({
  apiVersion: fc.constant('v1'),
  clusters: list('cluster', cluster),
  contexts: list('context', context),
  'current-context': fc.constantFrom('prod', ''),
  kind: fc.constant('Config'),
  preferences: fc.constant({}),
  users: list('user', user),
});
const style = fc.record({
  indentSeq: fc.boolean(),
  indent: fc.constantFrom(2, 2, 2, 4),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
});
const text = fc
  .tuple(config, style)
  .map(([value, options]) =>
    stringify(value, { ...options, defaultKeyType: 'PLAIN', lineWidth: 0, aliasDuplicateObjects: false }),
  );

/** What breaks, hides or changes a value in YAML. */
const SPOILERS = [
  ': ',
  ':',
  ' #',
  '#',
  '\n',
  '\n\n',
  '\r\n',
  ' ',
  '  ',
  '- ',
  '-',
  '"',
  "'",
  '\\',
  '&a ',
  '*a',
  '{',
  '}',
  '[',
  ']',
  '| ',
  '>',
  '\t',
  '~',
  'null',
  'True',
  '0x1F',
  '1e3',
  '.5',
  '-1',
  '+1',
  '007',
  '...',
  '---\n',
  '%',
  '!!str ',
  '<<: ',
  '? ',
  ',',
  '\u0085',
  '\u2028',
  'é',
  '@',
  '`',
  'name: ',
  '\uFEFF',
  'constructor: 1\n',
  '1: 2\n',
  'null: 2\n',
];
const spoiled = fc
  .tuple(
    text,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.constantFrom(...SPOILERS)), { minLength: 1, maxLength: 3 }),
  )
  .map(([whole, spoilers]) =>
    spoilers.reduce((now, [at, gone, put]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + put + now.slice(from + gone);
    }, whole),
  );

describe('readBlockText', () => {
  test('whatever it reads, it reads as the YAML library does', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(text, spoiled), (yaml) => {
        const block = readBlockText(yaml);
        if (block === undefined) return;
        read += 1;
        const document = parseDocument(yaml, { merge: true });
        expect(document.errors).toEqual([]);
        expect(block.data).toEqual(document.toJS());
        expect(Object.keys(block.data)).toEqual(Object.keys(document.toJS() as object));
      }),
      { seed: 20261127, numRuns: 2500 },
    );
    // Most unspoiled texts and some spoiled ones; else the test would prove nothing.
    expect(read).toBeGreaterThan(1000);
  }, 60_000);

  test('reads what kubectl writes', () => {
    const written = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${CA}
    extensions:
    - extension:
        last-update: Tue, 12 Mar 2024 10:00:00 UTC
      name: cluster_info
    server: https://127.0.0.1:6443
  name: "7"
contexts: []
current-context: ""
kind: Config
preferences: {}
users:
- name: x
  user:
    exec:
      args:
      - a
      env: null
      provideClusterInfo: false
`;
    expect(readBlockText(written)?.data).toEqual(parseDocument(written).toJS());
    expect(readBlockText(written)?.lists.get('users')).toEqual([written.indexOf('- name: x'), written.length]);
  });

  test.each([
    '',
    'a: 1',
    'a: 1\n\nb: 2\n',
    '# c\na: 1\n',
    'a: 1 # c\n',
    'a: |\n  x\n',
    'a: &x 1\n',
    'a: b\n  c\n',
    'a: 1\na: 2\n',
    '- a\n',
    'a:\n\tb: 1\n',
    'a: 0777\n',
    '__proto__: 1\n',
    'a: !!str 1\n',
    'a:\n    b: 1\n  c: 2\n',
    '---\na: 1\n',
    'a: {b: 1}\n',
    `${Array.from({ length: 40 }, (_, i) => `${'  '.repeat(i)}a:`).join('\n')}\n`,
  ])('leaves %j to the library', (yaml) => {
    expect(readBlockText(yaml)).toBeUndefined();
  });
});

describe('merge into a file as kubectl writes it', () => {
  const access = fc.tuple(name, ca).map(([n, authority]) => prepared(n, 'https://10.0.0.100:6443', authority));

  test('gives the same bytes as for a file that only the YAML library can read', () => {
    let brief = 0;
    fc.assert(
      fc.property(
        text,
        access,
        fc.constantFrom<MergeMode[]>('overwrite', 'keep-both'),
        fc.boolean(),
        (existing, entry, mode, selectIfNone) => {
          if (readBlockText(existing) !== undefined) brief += 1;
          const quick = merge(existing, entry, mode, { selectIfNone });
          const slow = merge(`# a comment\n${existing}`, entry, mode, { selectIfNone });
          expect(quick.ok && { ...quick.value, text: `# a comment\n${quick.value.text}` }).toEqual(
            slow.ok && slow.value,
          );
        },
      ),
      { seed: 20261127, numRuns: 250 },
    );
    expect(brief).toBeGreaterThan(100);
  }, 60_000);

  test('keeps every other line where and as it is', () => {
    const entries = (count: number, print: (i: number) => string): string =>
      Array.from({ length: count }, (_, i) => print(i)).join('');
    const file = `apiVersion: v1\nclusters:\n${entries(50, (i) => `- cluster:\n    server: 'https://c${i}:6443'\n  name: c${i}\n`)}contexts:\n${entries(50, (i) => `- context:\n    cluster: c${i}\n    user: c${i}\n  name: c${i}\n`)}kind: Config\nusers:\n${entries(50, (i) => `- name: c${i}\n  user:\n    token: "t${i}"\n`)}`;
    const added = merge(file, prepared(), 'overwrite');
    if (!added.ok) throw new Error(added.error.message);
    expect(added.value.text).toBe(
      file
        .replace(
          'contexts:\n',
          `- name: edge\n  cluster:\n    certificate-authority-data: ${CA}\n    server: https://10.0.0.100:6443\ncontexts:\n`,
        )
        .replace('kind:', '- name: edge\n  context:\n    cluster: edge\n    user: edge\nkind:')
        .replace(/$/, `- name: edge\n  user:\n    client-certificate-data: ${CERT}\n    client-key-data: ${KEY}\n`),
    );
    const moved = merge(added.value.text, prepared('edge', 'https://new:6443'), 'overwrite');
    expect(moved.ok && moved.value.text).toBe(added.value.text.replace('10.0.0.100', 'new'));
    const replaced = merge(file, prepared('c7'), 'overwrite');
    expect(replaced.ok && replaced.value.text).toContain(
      `- name: c7\n  user:\n    client-certificate-data: ${CERT}\n    client-key-data: ${KEY}\n- name: c8\n`,
    );
  });
});
