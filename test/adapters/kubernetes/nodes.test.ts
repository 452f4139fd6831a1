import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClusterApi } from '../../../src/adapters/kubernetes/api';
import type { Problem } from '../../../src/core/base/problem';
import type { ApiDouble, ApiNode } from './apiDouble';
import { startApiDouble } from './apiDouble';
import type { Authority } from './certificates';
import { makeAuthority } from './certificates';

let serverCa: Authority;
let clientCa: Authority;
let double: ApiDouble;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
  [serverCa, clientCa] = await Promise.all([makeAuthority('k3s-server-ca@1'), makeAuthority('k3s-client-ca@1')]);
  process.on('unhandledRejection', onUnhandled);
});
afterAll(() => {
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

const node = (name: string, more: object = {}): ApiNode => ({ metadata: { name }, ...more });
const many = (count: number): ApiNode[] => Array.from({ length: count }, (_, i) => node(`n${i}`));
const namesOf = (nodes: readonly unknown[]): string[] => nodes.map((item) => (item as ApiNode).metadata.name);

describe('listNodes', () => {
  const api = createClusterApi({ log: { debug: () => undefined } });
  afterEach(() => double.stop());

  test('1,100 nodes arrive in pages, complete and as the API writes them', async () => {
    double = await startApiDouble({
      serverCa,
      clientCa,
      nodes: many(1099).concat(
        node('last', { status: { conditions: [{ lastHeartbeatTime: '2026-11-21T01:00:00Z' }] } }),
      ),
    });
    const list = await api.listNodes({ kubeconfig: double.kubeconfig() });
    const nodes = list.ok ? list.value : [];
    expect(new Set(namesOf(nodes)).size).toBe(1100);
    expect(nodes.at(-1)).toMatchObject({
      metadata: { name: 'last' },
      status: { conditions: [{ lastHeartbeatTime: '2026-11-21T01:00:00Z' }] },
    });
    expect(double.requests).toHaveLength(3);
    expect(double.requests[1]).toContain('limit=500&continue=500');
    // The double is a fair judge: the real kubectl reads the same from it.
    const folder = await mkdtemp(join(tmpdir(), 'k3s-ha-kubectl-'));
    await writeFile(join(folder, 'config'), double.kubeconfig(), { mode: 0o600 });
    const { stdout } = await promisify(execFile)('kubectl', [
      '--kubeconfig',
      join(folder, 'config'),
      'get',
      '--raw',
      '/api/v1/nodes?limit=3',
    ]);
    await rm(folder, { recursive: true });
    expect(namesOf((JSON.parse(stdout) as { items: unknown[] }).items)).toEqual(['n0', 'n1', 'n2']);
  });

  test('an expired page starts the list over', async () => {
    double = await startApiDouble({ serverCa, clientCa, nodes: many(600) });
    const put = double.requests.push.bind(double.requests);
    double.requests.push = (...items) => {
      const length = put(...items);
      // Between the first page and the second the snapshot goes away.
      if (length === 2) double.compact();
      return length;
    };
    const list = await api.listNodes({ kubeconfig: double.kubeconfig() });
    expect(list.ok && new Set(namesOf(list.value)).size).toBe(600);
    expect(list.ok && list.value).toHaveLength(600);
  });

  test('a bad status is a problem', async () => {
    double = await startApiDouble({ serverCa, clientCa });
    double.answer = { status: 503, body: 'starting' };
    expect(await api.listNodes({ kubeconfig: double.kubeconfig() })).toMatchObject({
      ok: false,
      error: { code: 'api-starting' },
    });
  });
});

describe('watchNodes', () => {
  const pauses: number[] = [];
  const clock = {
    now: () => Date.now(),
    // Waits are recorded and shortened a hundred times.
    sleep: (ms: number, signal?: AbortSignal) => {
      pauses.push(ms);
      return new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, ms / 100);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(new Error('aborted'));
        });
      });
    },
  };
  const api = createClusterApi({ log: { debug: () => undefined }, clock, random: () => 1, idleTimeoutMs: 300 });
  let controller: AbortController;
  let seen: string[][];
  let problems: Problem[];
  let ended: Promise<void>;
  const latest = (): string[] => [...(seen.at(-1) ?? [])].sort();
  const lists = (): number => double.requests.filter((url) => !url.includes('watch=true')).length;

  beforeEach(async () => {
    double = await startApiDouble({ serverCa, clientCa, nodes: [node('a'), node('b')] });
    controller = new AbortController();
    [seen, problems, pauses.length] = [[], [], 0];
    ended = api.watchNodes(
      { kubeconfig: double.kubeconfig() },
      (nodes) => seen.push(namesOf(nodes)),
      (p) => problems.push(p),
      controller.signal,
    );
    await expect.poll(() => double.watchers).toBe(1);
  });
  afterEach(async () => {
    controller.abort();
    await ended;
    await double.stop();
  });

  test('tells the whole list at first and after every change', async () => {
    expect(latest()).toEqual(['a', 'b']);
    double.put(node('c'));
    await expect.poll(latest).toEqual(['a', 'b', 'c']);
    double.put(node('c', { spec: { unschedulable: true } }));
    double.remove('a');
    await expect.poll(latest).toEqual(['b', 'c']);
    expect(problems).toEqual([]);
    expect(lists()).toBe(1);
  });

  test('many events at once are one change', async () => {
    const before = seen.length;
    for (const item of many(200)) double.put(item);
    await expect.poll(() => latest().length).toBe(202);
    expect(seen.length - before).toBeLessThan(20);
  });

  test('a watch that the server ends goes on where it was, without a gap', async () => {
    double.sendWatchEvent({ type: 'BOOKMARK', object: { kind: 'Node', metadata: { resourceVersion: '150' } } });
    double.endWatches('gracefully');
    await expect.poll(() => double.watchers).toBe(1);
    expect(double.requests.at(-1)).toContain('resourceVersion=150');
    expect(double.requests.at(-1)).toContain('allowWatchBookmarks=true');
    expect([lists(), problems]).toEqual([1, []]);
  });

  test('a silent watch is opened anew from where it was', async () => {
    await expect
      .poll(() => double.requests.filter((url) => url.includes('watch=true')).length, { timeout: 10_000 })
      .toBeGreaterThan(2);
    expect([lists(), problems]).toEqual([1, []]);
  });

  test('a version that is too old lists again', async () => {
    double.endWatches('gracefully');
    double.compact();
    double.remove('a');
    await expect.poll(latest).toEqual(['b']);
    expect([lists(), problems]).toEqual([2, []]);
  });

  test('a cut is told once, and what changed meanwhile is seen after the return', async () => {
    await double.stop();
    await expect.poll(() => pauses.length).toBeGreaterThan(3);
    expect(new Set(problems.map(({ code }) => code)).size).toBe(problems.length);
    expect(problems.map(({ code }) => code)).toContain('api-refused');
    double.remove('a');
    double.put(node('z'));
    await double.start();
    await expect.poll(latest).toEqual(['b', 'z']);
    await expect.poll(() => double.watchers).toBe(1);
    // 1 s, 2 s, 4 s …, never above half a minute.
    expect(pauses.slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
  });

  test('a cut connection to a living server heals', async () => {
    double.endWatches('cut');
    await expect.poll(() => double.watchers).toBe(1);
    expect(problems.map(({ code }) => code)).toEqual(['api-closed']);
    double.put(node('c'));
    await expect.poll(latest).toEqual(['a', 'b', 'c']);
  });

  test('a watch that is cut after the same silence again and again tells of the idle limit, once', async () => {
    controller.abort();
    await ended;
    let later = 0;
    const told: string[] = [];
    const second = new AbortController();
    const limited = createClusterApi({
      log: { debug: () => undefined },
      clock: { ...clock, now: () => Date.now() + later },
      random: () => 1,
    });
    const over = limited.watchNodes(
      { kubeconfig: double.kubeconfig() },
      () => undefined,
      (p) => told.push(`${p.code}: ${p.message}`),
      second.signal,
    );
    const watches = (): number => double.requests.filter((url) => url.includes('watch=true')).length;
    for (let cuts = 0; cuts < 5; cuts += 1) {
      await expect.poll(() => double.watchers).toBe(1);
      const before = watches();
      later += 50_000;
      double.endWatches('cut');
      await expect.poll(watches).toBe(before + 1);
    }
    second.abort();
    await over;
    const limit = told.filter((line) => line.startsWith('address-idle-limit'));
    expect(limit).toEqual([expect.stringContaining('are cut after 50 s without traffic') as string]);
    // The first two may be anything; from the third on nothing is lost.
    expect(told.filter((line) => line.startsWith('api-closed')).length).toBeLessThanOrEqual(2);
  });

  test('an error event is told with its reason', async () => {
    double.sendWatchEvent({ type: 'ERROR', object: { kind: 'Status', code: 500, message: 'etcdserver: no leader' } });
    double.endWatches('gracefully');
    await expect.poll(() => problems[0]?.why).toBe('500: etcdserver: no leader');
    await expect.poll(() => double.watchers).toBe(1);
  });

  test('stopping ends everything at once and says nothing', async () => {
    const before = seen.length;
    controller.abort();
    await ended;
    await expect.poll(() => double.connections).toBe(0);
    double.put(node('late'));
    await new Promise((done) => setTimeout(done, 30));
    expect([seen.length, problems]).toEqual([before, []]);
  });

  test('stopping also ends a pause and a connection attempt', async () => {
    await double.stop();
    await expect.poll(() => problems.length).toBeGreaterThan(0);
    controller.abort();
    await ended;
    await double.start();
    double.answer = 'hang';
    const second = new AbortController();
    const hanging = api.watchNodes(
      { kubeconfig: double.kubeconfig() },
      () => undefined,
      (p) => problems.push(p),
      second.signal,
    );
    await expect.poll(() => double.connections).toBe(1);
    second.abort();
    await hanging;
    await expect.poll(() => double.connections).toBe(0);
  });

  test('an unusable kubeconfig is told and ends the watch', async () => {
    const told: string[] = [];
    await api.watchNodes(
      { kubeconfig: 'kind: Config' },
      () => undefined,
      (p) => told.push(p.code),
      new AbortController().signal,
    );
    expect(told).toEqual(['kubeconfig-invalid']);
  });
});
