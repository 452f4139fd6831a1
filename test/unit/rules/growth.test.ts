import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { RULES } from '../../../src/core/rules/registry';
import type { RuleContext } from '../../../src/core/rules/rule';
import { normalise } from '../../../src/core/cluster/normalise';

const HEAD =
  'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: big}\nk3s: {version: v1.36.3+k3s1}\ntoken: ${secret:t}\nloadBalancer: {address: 10.9.9.9, type: haproxy}\n';
const FEW = 'servers:\n  nodes: [10.200.0.1, 10.200.0.2, 10.200.0.3]\n';
const lines = (count: number, line: (i: number) => string): string =>
  `${Array.from({ length: count }, (_none, i) => line(i)).join('\n')}\n`;
const ip = (i: number): string => `10.1.${i >> 8}.${i & 255}`;

/** Files by their number of hosts; entries with options are fewer, because a file has an end. */
const SHAPES: Readonly<Record<string, (hosts: number) => string>> = {
  'servers of one range': (n) => `${HEAD}servers:\n  nodes:\n    - 10.1.[1-${n / 250}].[1-250]\n`,
  'agents of one range': (n) =>
    `${HEAD}${FEW}agents:\n  nodes:\n    - {host: "10.1.[1-${n / 250}].[1-250]", name: "w-[1-${n}]", zone: a}\n`,
  'servers on lines of their own': (n) => `${HEAD}servers:\n  nodes:\n${lines(n, (i) => `    - ${ip(i)}`)}`,
  'servers with networks, tokens and addresses of their own': (n) =>
    `${HEAD}servers:\n  nodes:\n${lines(n / 8, (i) => `    - {host: ${ip(i)}, zone: z${i}, config: {cluster-cidr: 10.${i % 200}.0.0/16, disable: [d${i}], server: "https://${ip(i + 1)}:6443", token: t${i}}}`)}`,
  'servers with etcd options of their own': (n) =>
    `${HEAD}datastore: {type: embedded-etcd}\nservers:\n  nodes:\n${lines(n / 8, (i) => `    - {host: ${ip(i)}, config: {cluster-init: true, cluster-reset: true, etcd-s3: true, etcd-s3-config-secret: x, etcd-s3-region: r${i}}}`)}`,
  'servers with databases of their own': (n) =>
    `${HEAD}servers:\n  nodes:\n${lines(n / 4, (i) => `    - {host: ${ip(i)}, config: {datastore-endpoint: "https://${ip(i)}:2379,https://x${i}:2379"}}`)}`,
  'agents with options of their own': (n) =>
    `${HEAD}${FEW}agents:\n  nodes:\n${lines(n / 8, (i) => `    - {host: ${ip(i)}, config: {server: "https://${ip(i + 1)}:6443", node-ip: ${ip(i)}, node-taint: [b${i}], docker: true}}`)}`,
  'machines and names that stand there twice': (n) =>
    `${HEAD}servers:\n  nodes:\n${lines(n / 4, (i) => `    - {host: ${ip(i % 50)}, name: S_${i % 70}}`)}`,
  'many members of an external etcd': (n) =>
    `${HEAD}datastore:\n  type: etcd\n  endpoint: ${Array.from({ length: n }, (_none, i) => `https://${ip(i)}:2379`).join(',')}\nservers:\n  nodes:\n    - 10.1.[1-${n / 250}].[1-250]\n`,
  'options of the role that one range overrides': (n) =>
    `${HEAD}servers:\n  config: {${Array.from({ length: n / 8 }, (_none, i) => `foo${i}: 1`).join(', ')}}\n  nodes:\n    - 10.1.[1-${n / 250}].[1-250]\n`,
};

const SMALL = 1000;
const LARGE = 4000;
/** Twice the growth of linear work, and what a busy machine adds to very short times, in milliseconds. */
const MOST_GROWTH = 8;
const NOISE_MS = 20;
const ATTEMPTS = 12;

function contextOf(text: string): RuleContext {
  const document = parseDocument(text);
  expect(document.syntaxProblems).toEqual([]);
  return { document, cluster: normalise(document.data) };
}

function timeOf(check: () => unknown): number {
  const start = performance.now();
  check();
  return performance.now() - start;
}

describe('with four times as many hosts no rule takes more than about four times as long', () => {
  it.each(Object.entries(SHAPES))('%s', (_name, make) => {
    // Read anew for each attempt: what rules remember of a file must not hide what they do at its first sight.
    const measure = (hosts: number): ReadonlyMap<string, number> => {
      const context = contextOf(make(hosts));
      return new Map(RULES.map((rule) => [rule.id, timeOf(() => rule.check(context))]));
    };
    // The best of several attempts: other programs only ever make it slower.
    const best = { few: new Map<string, number>(), many: new Map<string, number>() };
    const keep = (into: Map<string, number>, times: ReadonlyMap<string, number>): void =>
      times.forEach((ms, id) => into.set(id, Math.min(ms, into.get(id) ?? Infinity)));
    const slow = (): string[] =>
      [...best.many].filter(([id, ms]) => ms > MOST_GROWTH * (best.few.get(id) ?? 0) + NOISE_MS).map(([id]) => id);
    for (let attempt = 0; attempt < ATTEMPTS && (attempt === 0 || slow().length > 0); attempt += 1) {
      keep(best.few, measure(SMALL));
      keep(best.many, measure(LARGE));
    }
    expect(slow()).toEqual([]);
  });
});
