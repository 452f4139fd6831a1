import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withoutAccess, type WithoutAccess } from '../../../src/core/kubeconfig/forget';
import { merge } from '../../../src/core/kubeconfig/merge';
import { CA, pem, prepared } from './k3sYaml';

const OTHER_CA = pem('CERTIFICATE', 'T1RIRVI=');
const OURS = Buffer.from(CA, 'base64').toString('utf8');

/** What people have beside a cluster that goes: one of the same name elsewhere, a user that two contexts share. */
const FILE = `# my clusters
apiVersion: v1
kind: Config
current-context: edge # here I work
clusters:
  - name: edge
    cluster: { server: "https://10.0.0.100:6443", certificate-authority-data: ${CA} }
  # the same address, installed anew
  - name: edge-2
    cluster:
      server: https://10.0.0.100:6443
      certificate-authority-data: ${OTHER_CA}
  - name: unproved
    cluster: { server: "https://10.0.0.100:6443" }
contexts:
  - name: edge
    context: { cluster: edge, user: edge }
  - name: edge-as-me
    context: { cluster: edge, user: me, namespace: shop }
  - name: edge-2
    context: { cluster: edge-2, user: me }
users:
  - name: edge
    user: { client-certificate-data: QQ==, client-key-data: QQ== }
  - name: me
    user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: login } }
  - name: nobody
    user: { token: x }
x-tool: [1, 2]
`;

function without(text: string): WithoutAccess | undefined {
  const result = withoutAccess(text, (authority) => authority === OURS);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('taking the access to a cluster out of a kubeconfig', () => {
  it('takes what is of its authority, its contexts, and users that only these use', () => {
    const { text, ...gone } = without(FILE) as WithoutAccess;
    expect(gone).toEqual({ clusters: ['edge'], contexts: ['edge', 'edge-as-me'], users: ['edge'], unselected: true });
    expect(parse(text)).toEqual({
      ...(parse(FILE) as object),
      'current-context': '',
      clusters: (parse(FILE) as { clusters: unknown[] }).clusters.slice(1),
      contexts: (parse(FILE) as { contexts: unknown[] }).contexts.slice(2),
      users: (parse(FILE) as { users: unknown[] }).users.slice(1),
    });
    for (const comment of ['# my clusters', '# here I work', '# the same address, installed anew'])
      expect(text).toContain(comment);
  });

  it('leaves a selected context of another cluster selected', () => {
    const found = without(FILE.replace('current-context: edge #', 'current-context: edge-2 #')) as WithoutAccess;
    expect(found.unselected).toBe(false);
    expect(found.text).toContain('current-context: edge-2 # here I work');
  });

  it('finds nothing where only name or address are the same', () => {
    expect(without(FILE.replace(CA, OTHER_CA))).toBeUndefined();
    expect(without('')).toBeUndefined();
  });

  it('undoes a merge byte for byte', () => {
    const before = FILE.replace(CA, OTHER_CA).replace('current-context: edge #', 'current-context: edge-2 #');
    const merged = merge(before, prepared('new'), 'overwrite');
    if (!merged.ok) throw new Error(merged.error.message);
    expect(without(merged.value.text)?.text).toBe(before);
  });

  it('keeps JSON and empty lists that kubectl reads', () => {
    const only = JSON.parse(JSON.stringify(parse(prepared('edge').text))) as object;
    const { text } = without(JSON.stringify(only, undefined, 4)) as WithoutAccess;
    expect(JSON.parse(text)).toEqual({ ...only, clusters: [], contexts: [], users: [], 'current-context': '' });
    expect(parse((without(prepared('edge').text) as WithoutAccess).text)).toMatchObject({ clusters: [], users: [] });
  });

  it('refuses where entries share values, and says what to do', () => {
    const shared = FILE.replace(
      'cluster: { server: "https://10.0.0.100:6443", cert',
      'cluster: &c { server: "https://10.0.0.100:6443", cert',
    ).replace(
      'cluster: { server: "https://10.0.0.100:6443" }',
      'cluster: { <<: *c, certificate-authority-data: QQ== }',
    );
    expect(withoutAccess(shared, (authority) => authority === OURS)).toMatchObject({
      ok: false,
      error: { code: 'kubeconfig-forget', nextSteps: [expect.stringContaining('Nothing was changed') as string] },
    });
    expect(withoutAccess('{', () => true)).toMatchObject({ ok: false, error: { code: 'kubeconfig-unreadable' } });
  });
});
