import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { prepare } from '../../../src/core/kubeconfig/prepare';
import { CA, CERT, k3sYaml, KEY, pem } from './k3sYaml';

const OPTIONS = { name: 'edge', server: 'https://10.0.0.100:6443' };

function textOf(yaml: string, options: Parameters<typeof prepare>[1] = OPTIONS): unknown {
  const result = prepare(yaml, options);
  if (!result.ok) throw new Error(result.error.message);
  return parse(result.value.text);
}

describe('prepare', () => {
  test('renames cluster, user and context, also inside the context, and points at the load balancer', () => {
    expect(textOf(k3sYaml())).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'edge', cluster: { 'certificate-authority-data': CA, server: 'https://10.0.0.100:6443' } }],
      contexts: [{ name: 'edge', context: { cluster: 'edge', user: 'edge' } }],
      users: [{ name: 'edge', user: { 'client-certificate-data': CERT, 'client-key-data': KEY } }],
      'current-context': 'edge',
    });
  });

  test('sets the name to verify against', () => {
    expect(textOf(k3sYaml(), { ...OPTIONS, tlsServerName: 'k3s.example.com' })).toHaveProperty(
      ['clusters', 0, 'cluster', 'tls-server-name'],
      'k3s.example.com',
    );
  });

  test('never carries insecure-skip-tls-verify over', () => {
    const insecure = k3sYaml().replace('    server:', '    insecure-skip-tls-verify: true\n    server:');
    expect(JSON.stringify(textOf(insecure))).not.toContain('insecure');
  });

  test('writes names that kubectl would read as booleans in quotes', () => {
    const result = prepare(k3sYaml(), { ...OPTIONS, name: 'on' });
    expect(result.ok && result.value.text).toContain('name: "on"');
  });

  test('takes a chain of certificates and notes beside them, as custom authorities have', () => {
    const block = Buffer.from(CA, 'base64').toString();
    const chain = Buffer.from(`subject=CN = root\n${block}subject=CN = leaf\n${block}`).toString('base64');
    expect(textOf(k3sYaml(chain))).toHaveProperty(['clusters', 0, 'cluster', 'certificate-authority-data'], chain);
  });

  test.each([
    ['certificate-authority-data', 'no base64 at all!', 'certificate'],
    ['certificate-authority-data', Buffer.from('hello').toString('base64'), 'certificate'],
    ['certificate-authority-data', KEY, 'certificate'],
    ['certificate-authority-data', pem('CERTIFICATE', 'a b'), 'certificate'],
    [
      'certificate-authority-data',
      Buffer.from(`${Buffer.from(CA, 'base64').toString()}\u001b[2J`).toString('base64'),
      'certificate',
    ],
    ['certificate-authority-data', pem('CERTIFICATE', 'QUFB'.repeat(40_000)), 'certificate'],
    ['certificate-authority-data', '[1, 2]', 'certificate'],
    ['client-certificate-data', KEY, 'certificate'],
    ['client-key-data', CERT, 'private key'],
    ['client-key-data', pem('EC PARAMETERS', 'QUFB'), 'private key'],
    ['client-key-data', pem('OPENSSH PRIVATE KEY', 'QUFB'), 'private key'],
  ])('refuses %s that is something else (%.20s)', (field, value, kind) => {
    const result = prepare(k3sYaml().replace(new RegExp(`${field}: .*`), `${field}: ${value}`), OPTIONS);
    expect(result.ok ? undefined : result.error).toMatchObject({
      code: 'kubeconfig-incomplete',
      message: expect.stringContaining(`${field} is not a ${kind}`),
    });
    expect(JSON.stringify(result)).not.toContain(value);
  });

  test('does not even parse what is far larger than a kubeconfig of K3s', () => {
    const result = prepare(`${k3sYaml()}# ${'x'.repeat(1_100_000)}`, OPTIONS);
    expect(result.ok ? undefined : result.error).toMatchObject({
      code: 'kubeconfig-unreadable',
      why: expect.stringContaining('1 MiB'),
    });
  });

  test.each([
    ['an empty file', ''],
    ['a file without credentials', k3sYaml().replace(/\n {2}user:\n[^]*/, '\n')],
    ['a file whose context names no cluster', k3sYaml().replace('cluster: default', 'cluster: other')],
  ])('refuses %s and says what to do', (_, yaml) => {
    const result = prepare(yaml, OPTIONS);
    expect(result.ok ? undefined : result.error).toMatchObject({
      code: 'kubeconfig-incomplete',
      nextSteps: [expect.stringContaining('restart K3s')],
    });
  });

  test.each(['http://10.0.0.100:6443', '10.0.0.100:6443', 'https://lb:6443/path'])(
    'refuses the address %s',
    (server) => {
      const result = prepare(k3sYaml(), { ...OPTIONS, server });
      expect(result.ok ? undefined : result.error.code).toBe('kubeconfig-server');
    },
  );

  test('tells the line of broken YAML without quoting it', () => {
    const result = prepare(k3sYaml().replace('    client-key-data:', '   client-key-data:'), OPTIONS);
    const told = JSON.stringify(result);
    expect(told).toContain('line');
    expect(told).not.toContain(KEY);
  });
});
