import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { conflicts, isAtSameAddress } from '../../../src/core/kubeconfig/conflicts';
import type { MergedKubeconfig, MergeMode, MergeOptions } from '../../../src/core/kubeconfig/merge';
import { merge } from '../../../src/core/kubeconfig/merge';
import type { PreparedKubeconfig } from '../../../src/core/kubeconfig/prepare';
import { CA, CERT, KEY, pem, prepared } from './k3sYaml';

const OTHER_CA = pem('CERTIFICATE', 'T1RIRVI=');

/** A file as people have it: comments, an exec user, extensions, a key of some other tool, mixed styles. */
const USERS_FILE = `# my clusters
apiVersion: v1
kind: Config
current-context: prod # do not touch
clusters:
  # paid by the office
  - name: prod
    cluster: { server: "https://prod:6443", certificate-authority-data: UFJPRA== }
  - name: lab
    cluster:
      server: 'https://lab:6443' # behind the cupboard
      extensions:
        - name: minikube.sigs.k8s.io
          extension: { provider: minikube.sigs.k8s.io }
contexts:
  - name: prod
    context: { cluster: prod, user: prod, namespace: shop }
users:
  - name: prod
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: login
        interactiveMode: Never
x-tool: [1, 2]
`;

function merged(
  existing: string | undefined,
  entry: PreparedKubeconfig,
  mode: MergeMode = 'overwrite',
  options?: MergeOptions,
): MergedKubeconfig {
  const result = merge(existing, entry, mode, options);
  if (!result.ok) throw new Error(`${result.error.message} ${result.error.why ?? ''}`);
  return result.value;
}

interface Config {
  clusters: { name: string; cluster: Record<string, unknown> }[];
  contexts: { name: string; context: Record<string, unknown> }[];
  users: { name: string; user: Record<string, unknown> }[];
  'current-context'?: string;
}
const read = (text: string): Config => parse(text) as Config;
const names = (list: { name: string }[]): string[] => list.map(({ name }) => name);

describe('merge into a file that people keep', () => {
  const { text, contextName } = merged(USERS_FILE, prepared());

  test('adds the three entries at the end and leaves every line as it was', () => {
    expect(contextName).toBe('edge');
    expect(text).toBe(
      USERS_FILE.replace(
        'contexts:\n',
        `  - name: edge\n    cluster:\n      certificate-authority-data: ${CA}\n      server: https://10.0.0.100:6443\ncontexts:\n`,
      )
        .replace('users:\n', '  - name: edge\n    context:\n      cluster: edge\n      user: edge\nusers:\n')
        .replace(
          'x-tool:',
          `  - name: edge\n    user:\n      client-certificate-data: ${CERT}\n      client-key-data: ${KEY}\nx-tool:`,
        ),
    );
  });

  test('spacing that no printer would produce stays where nothing changed', () => {
    const odd = (body: string): string =>
      body
        .replace('current-context: prod #', 'current-context:   prod      #')
        .replace('users:\n', '\n\n\nusers:   \n');
    expect(merged(odd(USERS_FILE), prepared()).text).toBe(odd(text));
  });

  test('does not switch the context, even when asked to fill an empty one', () => {
    expect(read(text)['current-context']).toBe('prod');
    expect(read(merged(USERS_FILE, prepared(), 'overwrite', { selectIfNone: true }).text)['current-context']).toBe(
      'prod',
    );
  });

  test('a second merge changes not one byte', () => {
    expect(merged(text, prepared()).text).toBe(text);
    expect(merged(text, prepared(), 'keep-both').text).toBe(text);
  });

  test('a no-op merge keeps spacing that no printer would produce', () => {
    const odd = text
      .replace('current-context: prod #', 'current-context:   prod      #')
      .replace('users:\n', '\n\nusers:   \n');
    expect(merged(odd, prepared()).text).toBe(odd);
  });

  test('keeps Windows line ends and a byte order mark', () => {
    const windows = `\uFEFF${USERS_FILE.replaceAll('\n', '\r\n')}`;
    expect(merged(windows, prepared()).text).toBe(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
  });
});

describe('the same cluster again', () => {
  const first = merged(USERS_FILE, prepared()).text;

  test('a new address and certificate replace the old ones; namespace, proxy and comments of the user stay', () => {
    const tuned = first
      .replace('      cluster: edge\n', '      cluster: edge\n      namespace: shop # mine\n')
      .replace(
        '      server: https://10.0.0.100:6443',
        '      server: https://10.0.0.100:6443 # lb\n      proxy-url: http://proxy:3128\n      tls-server-name: old',
      );
    const moved = prepared('edge', 'https://k3s.example.com:6443');
    expect(conflicts(tuned, moved)).toEqual({ ok: true, value: [] });
    const { text } = merged(tuned, moved, 'keep-both');
    expect(text).toBe(tuned.replace('10.0.0.100', 'k3s.example.com').replace('      tls-server-name: old\n', ''));
  });

  test('drops insecure-skip-tls-verify', () => {
    const insecure = first.replace(
      '      server: https://10.0.0.100:6443\n',
      '      server: https://10.0.0.100:6443\n      insecure-skip-tls-verify: true\n',
    );
    expect(merged(insecure, prepared()).text).toBe(first);
  });
});

describe('names that belong to another cluster', () => {
  const other = merged(USERS_FILE, prepared('edge', 'https://10.9.9.9:6443', OTHER_CA)).text;

  test('are told with what stands there', () => {
    const found = conflicts(other, prepared());
    expect(found.ok && found.value.map(({ list }) => list)).toEqual(['clusters', 'contexts']);
    expect(found.ok && found.value[0]?.reason).toContain('another cluster at https://10.9.9.9:6443');
  });

  test('an equal address with another CA may be a new installation, so it is asked', () => {
    const found = conflicts(merged(undefined, prepared('edge', undefined, OTHER_CA)).text, prepared());
    expect(found.ok && found.value[0]?.reason).toContain('installed anew');
  });

  test('lead to the same address only when the cluster, its context and all that uses its user do', () => {
    const again = merged(USERS_FILE, prepared('edge', undefined, OTHER_CA)).text;
    expect(isAtSameAddress(again, prepared())).toBe(true);
    expect(isAtSameAddress(other, prepared())).toBe(false);
    expect(isAtSameAddress(undefined, prepared())).toBe(false);
    const borrowed = again.replace('user: prod, namespace', 'user: edge, namespace');
    expect(borrowed).not.toBe(again);
    expect(isAtSameAddress(borrowed, prepared())).toBe(false);
  });

  test('a user that signs in by a command is never replaced unasked', () => {
    const own = merged(USERS_FILE, prepared()).text.replace(
      / {6}client-certificate-data:.*\n {6}client-key-data:.*\n/,
      '      exec: { command: login }\n',
    );
    const found = conflicts(own, prepared());
    expect(found.ok && found.value).toEqual([
      { list: 'users', name: 'edge', reason: expect.stringContaining('exec') as string },
    ]);
  });

  test('overwrite replaces them whole: nothing of the other cluster leaks into ours', () => {
    const tuned = other.replace('      cluster: edge\n', '      cluster: edge\n      namespace: theirs\n');
    const config = read(merged(tuned, prepared()).text);
    expect(config.contexts.find(({ name }) => name === 'edge')?.context).toEqual({ cluster: 'edge', user: 'edge' });
    expect(config.clusters.find(({ name }) => name === 'edge')?.cluster).toEqual({
      'certificate-authority-data': CA,
      server: 'https://10.0.0.100:6443',
    });
    expect(names(config.clusters)).toEqual(['prod', 'lab', 'edge']);
  });

  test('keep-both adds ours under the next free number and finds it again', () => {
    const both = merged(other, prepared(), 'keep-both');
    expect(both.contextName).toBe('edge-2');
    const config = read(both.text);
    expect(names(config.clusters)).toEqual(['prod', 'lab', 'edge', 'edge-2']);
    expect(config.contexts.find(({ name }) => name === 'edge-2')?.context).toEqual({
      cluster: 'edge-2',
      user: 'edge-2',
    });
    expect(merged(both.text, prepared(), 'keep-both')).toEqual(both);
    expect(
      merged(both.text, prepared('edge', undefined, pem('CERTIFICATE', 'VEhJUkQ=')), 'keep-both').contextName,
    ).toBe('edge-3');
  });
});

describe('files of every shape', () => {
  test.each([
    ['no file', undefined],
    ['an empty file', ''],
    ['null lists', 'apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\nusers: null\n'],
    ['empty lists', 'apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n'],
    ['a cleared context', 'apiVersion: v1\nkind: Config\ncurrent-context: ""\n'],
    ['an empty map', '{}'],
    ['a lone document mark', '---\n'],
  ])('%s becomes a whole kubeconfig', (_, existing) => {
    const plain = read(merged(existing, prepared()).text);
    expect(names(plain.clusters)).toEqual(['edge']);
    expect(names(plain.contexts)).toEqual(['edge']);
    expect(names(plain.users)).toEqual(['edge']);
    expect(plain['current-context'] ?? '').toBe('');
    expect(read(merged(existing, prepared(), 'overwrite', { selectIfNone: true }).text)['current-context']).toBe(
      'edge',
    );
  });

  test('a file of comments keeps them', () => {
    expect(merged('# keep me\n', prepared()).text).toMatch(/^# keep me\n[^]*name: edge/);
  });

  test('JSON stays JSON, with its indentation', () => {
    const json = `${JSON.stringify({ kind: 'Config', apiVersion: 'v1', clusters: [{ name: 'on', cluster: { server: 'https://x:1' } }], users: null, other: { b: 1, a: 2 } }, null, 4)}\n`;
    const { text } = merged(json, prepared());
    expect(text.startsWith(json.slice(0, json.indexOf('],')).trimEnd().slice(0, -1).trimEnd())).toBe(true);
    const config = JSON.parse(text) as Config;
    expect(names(config.clusters)).toEqual(['on', 'edge']);
    expect(text).toBe(`${JSON.stringify(config, null, 4)}\n`);
  });

  test('flow style stays flow style', () => {
    const flow = 'apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: https://a:1}}]\n';
    expect(merged(flow, prepared()).text).toContain(
      'clusters: [{name: a, cluster: {server: https://a:1}}, {name: edge, cluster: {',
    );
  });

  test.each([
    ['broken YAML', 'clusters:\n  - name: "x\nusers: secret-text'],
    ['two documents', 'kind: Config\n---\nkind: Config\n'],
    ['a list at the top', '- a\n'],
    ['a list that is a map', 'clusters: {a: 1}\n'],
    ['two entries of one name', 'users:\n- name: a\n  user: {}\n- name: a\n  user: {}\n'],
    ['an alias without an anchor', 'clusters: *nowhere\n'],
  ])('%s is refused with a reason and without the content', (_, existing) => {
    const result = merge(existing, prepared(), 'overwrite');
    expect(result.ok ? undefined : result.error).toMatchObject({
      code: 'kubeconfig-unreadable',
      why: expect.any(String) as string,
    });
    expect(JSON.stringify(result)).not.toContain('secret-text');
  });

  test('values shared through anchors are never changed behind the back of another entry', () => {
    const shared = merged(undefined, prepared())
      .text.replace('server: https', 'server: &lb https')
      .replace('contexts:', '- cluster: { server: *lb }\n  name: twin\ncontexts:');
    const result = merge(shared, prepared('edge', 'https://new:6443'), 'overwrite');
    expect(result.ok ? undefined : result.error.code).toBe('kubeconfig-merge');
    expect(names(read(merged(shared, prepared('west')).text).clusters)).toEqual(['edge', 'twin', 'west']);
  });
});
