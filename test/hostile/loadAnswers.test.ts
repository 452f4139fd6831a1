import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFiles } from '../../src/adapters/files/files';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import { listAgentKeys } from '../../src/adapters/ssh/agent';
import { createLineSplitter } from '../../src/adapters/ssh/lines';
import type { Problem } from '../../src/core/base/problem';
import { unfinishedNotes } from '../../src/engine/run/runLog';
import { fetchReleases } from '../../src/vscode/services/fetchReleases';
import { startApiDouble, type ApiDouble } from '../adapters/kubernetes/apiDouble';
import { makeAuthority, type Authority } from '../adapters/kubernetes/certificates';
import { createWorkplace, type Workplace } from '../adapters/ssh/support/workplace';

const MIB = 1024 * 1024;

describe('answers of an API without end', () => {
  const api = createClusterApi({ log: { debug: () => undefined } });
  let authorities: readonly [Authority, Authority];
  let double: ApiDouble;

  beforeAll(async () => {
    authorities = [await makeAuthority('k3s-server-ca@1'), await makeAuthority('k3s-client-ca@1')];
  });
  beforeEach(async () => {
    const [serverCa, clientCa] = authorities;
    double = await startApiDouble({ serverCa, clientCa, nodes: [{ metadata: { name: 'a' } }] });
  });
  afterEach(() => double.stop());

  it('L8: an answer that is larger than any cluster is given up', async () => {
    double.answer = { status: 200, body: `{"items":[${' '.repeat(70 * MIB)}]}` };
    expect(await api.listNodes({ kubeconfig: double.kubeconfig() })).toMatchObject({
      ok: false,
      error: { code: 'api-answer-too-long', message: expect.stringContaining('more than 64 MiB') },
    });
  });

  it('L8: pages without end are given up', async () => {
    double.answer = { status: 200, body: '{"items":[],"metadata":{"continue":"on"}}' };
    expect(await api.listNodes({ kubeconfig: double.kubeconfig() })).toMatchObject({
      ok: false,
      error: { code: 'api-answer-too-long', message: expect.stringContaining('not ended after 200 pages') },
    });
    expect(double.requests.length).toBeLessThanOrEqual(200);
  });

  it('L8: more nodes than any cluster has are given up', async () => {
    double.answer = { status: 200, body: JSON.stringify({ items: Array.from({ length: 10_001 }, () => 5) }) };
    expect(await api.listNodes({ kubeconfig: double.kubeconfig() })).toMatchObject({
      ok: false,
      error: { code: 'api-answer-too-long', message: expect.stringContaining('more than 10000 nodes') },
    });
  });

  it.each([
    '{"items":5}',
    '{"items":{"length":1e9}}',
    '[]',
    'null',
    '"x"',
    '{"items":[],"metadata":{"continue":5,"resourceVersion":{}}}',
  ])('L8: %s instead of a list is no list, or an empty one', async (body) => {
    double.answer = { status: 200, body };
    const listed = await api.listNodes({ kubeconfig: double.kubeconfig() });
    expect(listed.ok ? listed.value : listed.error.code).toSatisfy(
      (found: unknown) => found === 'api-failed' || (Array.isArray(found) && found.length === 0),
    );
  });

  it('L8: a watch with a line without end, and events of any shape, are told and survived', async () => {
    const problems: Problem[] = [];
    const seen: number[] = [];
    const cancel = new AbortController();
    const watch = createClusterApi({
      log: { debug: () => undefined },
      clock: { now: () => Date.now(), sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    });
    const watching = watch.watchNodes(
      { kubeconfig: double.kubeconfig() },
      (nodes) => seen.push(nodes.length),
      (found) => problems.push(found),
      cancel.signal,
    );
    await expect.poll(() => double.watchers).toBe(1);
    for (const event of [
      null,
      5,
      [],
      { type: 'ADDED' },
      { type: 'ADDED', object: null },
      { type: 'ADDED', object: { metadata: null } },
      { type: 5, object: { metadata: { name: 5, resourceVersion: 5 } } },
    ])
      double.sendWatchEvent(event);
    double.put({ metadata: { name: 'b' } });
    await expect.poll(() => Math.max(...seen)).toBeGreaterThan(1);
    double.sendWatchEvent({ type: 'ADDED', object: { metadata: { name: 'c', annotations: 'x'.repeat(5 * MIB) } } });
    await expect.poll(() => problems.map(({ code }) => code)).toContain('api-answer-too-long');
    await expect.poll(() => double.watchers).toBe(1);
    cancel.abort();
    await watching;
  });
});

describe('hosts, agents and servers that talk without end', () => {
  let workplace: Workplace;
  let server: Server;
  const sockets = new Set<Socket>();

  beforeEach(() => {
    workplace = createWorkplace();
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server.close(resolve));
    await workplace.close();
  });
  const listen = async (at: number | string, talk: (socket: Socket) => void): Promise<number> => {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      talk(socket);
    });
    await new Promise<void>((resolve) =>
      typeof at === 'string' ? server.listen(at, resolve) : server.listen(at, '127.0.0.1', resolve),
    );
    return typeof at === 'string' ? 0 : (server.address() as AddressInfo).port;
  };
  const flood = (socket: Socket, chunk: string): void => {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  };

  it.each([
    ['lines before its greeting', `${'x'.repeat(200)}\r\n`.repeat(300)],
    ['one line', 'x'.repeat(64 * 1024)],
    ['a greeting with a line that never ends', `SSH-2.0-${'x'.repeat(64 * 1024)}`],
  ])('L8: an SSH server that sends %s without end is given up', async (_name, chunk) => {
    const port = await listen(0, (socket) => flood(socket, chunk));
    const hosts = workplace.hosts();
    const outcome = await hosts.run({ id: 's1', host: '127.0.0.1', ssh: { port, identityFiles: [] } }, {
      script: { id: 'x', text: 'true' },
      args: [],
      stdin: '',
      secrets: [],
      sudo: false,
      timeoutMs: 5000,
      parse: () => ({ ok: true, value: 1 }),
    } as never);
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: expect.stringMatching(/^ssh-/), message: expect.stringContaining('127.0.0.1') },
    });
    await hosts.dispose();
  });

  it.skipIf(process.platform === 'win32')('L8: an SSH agent may answer with 256 KiB', async () => {
    const socketPath = path.join(workplace.home, 'agent.sock');
    const header = Buffer.alloc(5);
    header.writeUInt32BE(0xffff_ffff, 0);
    header[4] = 12;
    await listen(socketPath, (socket) => {
      socket.write(header);
      flood(socket, 'x'.repeat(64 * 1024));
    });
    expect(await listAgentKeys(socketPath)).toBe('its answer is longer than 256 KiB');
  });

  it('L8: a list of releases may have 1 MiB, and redirects an end', async () => {
    const web = createHttpServer((request, response) => {
      if (request.url === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
      if (request.url === '/moved') return void response.writeHead(302, { location: '/small' }).end();
      if (request.url === '/file') return void response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      if (request.url === '/small')
        return void response.end(JSON.stringify({ data: [{ id: 'stable', latest: 'v1.36.3+k3s1' }] }));
      response.end(`{"data":[${' '.repeat(2 * MIB)}]}`);
    });
    server = web;
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const url = (page: string): string => `http://127.0.0.1:${(web.address() as AddressInfo).port}/${page}`;
    expect(await fetchReleases(url('moved'))).toEqual({ ok: true, value: ['v1.36.3+k3s1'] });
    expect(await fetchReleases(url('large'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('more than 1 MiB'),
    });
    expect(await fetchReleases(url('loop'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('without end'),
    });
    expect(await fetchReleases(url('file'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('is not https'),
    });
    web.closeAllConnections();
  });
});

describe('files that grew', () => {
  it('L8: of a journal of many runs only the end is read', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-journal-'));
    const file = path.join(folder, 'run.jsonl');
    writeFileSync(
      file,
      `${`${JSON.stringify({ run: 'old', step: 'x', state: 'running' })}\n`.repeat(200_000)}${JSON.stringify({ run: 'new', step: 'install s1', state: 'running' })}\n`,
    );
    const files = createFiles({ followLinks: () => false });
    expect((await files.readEnd(file, MIB))?.length).toBe(MIB);
    expect(await unfinishedNotes(files, file)).toEqual([expect.stringContaining('install s1')]);
    expect(await unfinishedNotes(files, `${file}.none`)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('L8: output without a line end is handed over in pieces', () => {
    const pieces: string[] = [];
    const lines = createLineSplitter((line) => pieces.push(line));
    for (let i = 0; i < 100; i += 1) lines.push(Buffer.alloc(10_000, 'x'));
    lines.end();
    expect(pieces.join('')).toHaveLength(1_000_000);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(80_000);
  });
});
