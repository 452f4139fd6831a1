import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../../src/core/base/text';
import { fixAll } from '../../../src/core/language/fixAll';
import { applyEdits } from '../../../src/core/base/text';
import { validate } from '../../../src/core/language/validate';

// Files from public reports about K3s, and what has to be said about them.
const ROOT = join(import.meta.dirname, '../../fixtures/reports');
const read = (name: string) => readFileSync(join(ROOT, `${name}.k3s.yaml`), 'utf8');

interface Told {
  readonly line: number;
  readonly severity: string;
  readonly id: string;
  readonly message: string;
}

function told(text: string): Told[] {
  const lines = new LineIndex(text);
  return validate(text).map(({ code, severity, message, range }) => ({
    line: lines.positionAt(range.start).line + 1,
    severity,
    id: code,
    message,
  }));
}

/** Errors and warnings, without what is true of every old release and of every token that is written out. */
function beside(text: string, ...known: readonly string[]): string[] {
  return told(text)
    .filter(({ severity, id }) => (severity === 'error' || severity === 'warning') && !known.includes(id))
    .map(({ line, severity, id }) => `${line} ${severity} ${id}`);
}

describe('reports of real people', () => {
  const checked = new Set<string>();
  const textOf = (name: string): string => {
    checked.add(name);
    return read(name);
  };

  it('dual stack: one address is missing, another one stands first, and the agent lacks one', () => {
    const text = textOf('dual-stack');
    expect(beside(text)).toEqual([
      '20 error node-ip-families',
      '23 error node-ip-families',
      '28 error node-ip-families',
    ]);
    expect(told(text).find(({ line }) => line === 20)?.message).toContain('Write one address of each');
    const fixed = applyEdits(text, fixAll(text).edits);
    expect(fixed).toContain('node-ip: "10.0.10.9,2a05:d012:c6f:4611::9"');
  });

  it('servers without agent are no members of embedded etcd', () => {
    expect(beside(textOf('etcd-only-alone'))).toEqual([
      '14 error rootless-ha',
      '15 error rootless-ha',
      '16 error rootless-ha',
    ]);
  });

  it('split roles as K3s tests them are fine', () => {
    expect(told(textOf('split-roles-fine'))).toEqual([]);
  });

  it.each(['etcd-over-public-ips', 'tailnet-fine'])('pods inside of a tailnet are not in the open: %s', (name) => {
    expect(beside(textOf(name), 'version-unsupported')).toEqual([]);
  });

  it('one external address of three servers, and why etcd does not go with a VPN', () => {
    const text = textOf('headscale-vpn-auth');
    expect(beside(text, 'version-unsupported', 'agent-single-registration')).toEqual([
      '9 warning etcd-across-networks',
      '10 error machine-value-shared',
    ]);
    const etcd = told(text).find(({ id }) => id === 'etcd-across-networks');
    expect(etcd?.message).toContain("K3s leaves etcd on the machines' own addresses");
  });

  it('an option of that release is renamed, and not called unknown', () => {
    const text = textOf('no-deploy-single-master');
    expect(told(text).filter(({ line }) => line === 10)).toMatchObject([
      { severity: 'warning', id: 'flag-deprecated' },
    ]);
    expect(applyEdits(text, fixAll(text).edits)).toContain('disable: [servicelb, traefik]');
  });

  it('an endpoint that its password cuts short has that one error', () => {
    const text = textOf('k3s-ansible-inventory-ext-db');
    const atEndpoint = told(text).filter(({ line, severity }) => line === 7 && severity === 'error');
    expect(atEndpoint).toMatchObject([{ id: 'postgres-endpoint-unencoded' }]);
  });

  it('SELinux with another folder', () => {
    expect(beside(textOf('rocky-selinux-datadir'))).toEqual(['12 warning selinux-data-dir']);
  });

  it('tls-san with URL, port, network and pattern: an error at each, and the fix leaves the names', () => {
    const text = textOf('tls-san-with-port-and-url');
    expect(beside(text)).toEqual(Array.from({ length: 4 }, () => '10 error tls-san-form'));
    expect(applyEdits(text, fixAll(text).edits)).toContain('["k3s.example.org", "10.0.0.100", ');
  });

  it('machine options that the role has', () => {
    const text = textOf('role-level-machine-options');
    expect(beside(text)).toEqual([
      '9 error machine-value-shared',
      '10 error machine-value-shared',
      '11 error machine-value-shared',
    ]);
  });

  it('a token of a test', () => {
    expect(beside(textOf('three-configs-pasted'))).toEqual(['6 warning token-weak', '6 warning plaintext-secret']);
  });

  it('are all looked at', () => {
    expect([...checked].sort()).toEqual(
      readdirSync(ROOT)
        .map((name) => name.replace('.k3s.yaml', ''))
        .sort(),
    );
  });
});
