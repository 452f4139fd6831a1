import { describe, expect, it } from 'vitest';
import { conflicts } from '../../src/core/kubeconfig/conflicts';
import { merge } from '../../src/core/kubeconfig/merge';
import { chooseTarget } from '../../src/core/kubeconfig/targets';
import { CERT, KEY, pem, prepared } from '../unit/kubeconfig/k3sYaml';

const OTHER = pem('CERTIFICATE', 'T1RIRVI=');

/** A kubeconfig of `count` clusters, as kubectl writes it. */
function kubeconfigOf(count: number, name: (i: number) => string): string {
  const each = (print: (name: string) => string): string =>
    Array.from({ length: count }, (_, i) => print(name(i))).join('');
  const clusters = each(
    (n) => `- cluster:\n    certificate-authority-data: ${OTHER}\n    server: https://10.1.2.3:6443\n  name: ${n}\n`,
  );
  const contexts = each((n) => `- context:\n    cluster: ${n}\n    user: ${n}\n  name: ${n}\n`);
  const users = each(
    (n) => `- name: ${n}\n  user:\n    client-certificate-data: ${CERT}\n    client-key-data: ${KEY}\n`,
  );
  return `apiVersion: v1\nclusters:\n${clusters}contexts:\n${contexts}current-context: ${name(0)}\nkind: Config\npreferences: {}\nusers:\n${users}`;
}

/** Milliseconds of the processor for all that saving computes; the best of some, because other programs run, too. */
function time(existing: string, times: number): number {
  return Math.min(
    ...Array.from({ length: times }, () => {
      const before = process.cpuUsage();
      chooseTarget(
        [
          { path: 'none', text: undefined },
          { path: 'config', text: existing },
        ],
        prepared(),
      );
      conflicts(existing, prepared());
      expect(merge(existing, prepared(), 'keep-both').ok).toBe(true);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
  );
}

/** Below this many milliseconds a measured time is mostly chance. */
const SMALLEST = 60;

describe('a kubeconfig of thousands of clusters', () => {
  it.each([
    ['of other names', (i: number) => `c${i}`],
    ['that all have the name and a number', (i: number) => (i === 0 ? 'edge' : `edge-${i + 1}`)],
  ])('L8: merging into 20,000 clusters %s takes no more than its share of the time for 2,000', (_, name) => {
    const [small, large] = [kubeconfigOf(2_000, name), kubeconfigOf(20_000, name)];
    const [few, many] = [time(small, 5), time(large, 3)];
    expect(many).toBeLessThan(5_000);
    expect(many).toBeLessThan(15 * Math.max(few, SMALLEST));
  });

  it('L8: nothing but the entry is touched', () => {
    const existing = kubeconfigOf(20_000, (i) => `c${i}`);
    const added = merge(existing, prepared(), 'overwrite');
    if (!added.ok) throw new Error(added.error.message);
    const entries = /^- name: edge\n(?: {2}.*\n)+/gm;
    expect(added.value.text.match(entries)).toHaveLength(3);
    // Not toBe: the difference of two such texts would take minutes to print.
    expect(added.value.text.replaceAll(entries, '') === existing).toBe(true);
  });

  it('L8: blank lines cost no more than other lines', () => {
    const started = performance.now();
    expect(merge(`apiVersion: v1\nclusters:\n${'\n'.repeat(30)}kind: Config\n`, prepared(), 'overwrite').ok).toBe(true);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
