import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReleaseFiles } from '../../../src/adapters/http/releaseBinary';
import { sha256 } from '../../../src/adapters/system/sha256';
import type { ByteInput } from '../../../src/core/remote/remoteCommand';
import type { WantedBinary } from '../../../src/engine/ports';
import { makeAuthority, type Authority } from '../kubernetes/certificates';

const VERSION = 'v1.36.3+k3s1';
const BINARY = 'the program '.repeat(100_000);

let authority: Authority;
let agent: Agent;
let folder: string;
const cleanups: (() => void)[] = [];

beforeAll(async () => {
  authority = await makeAuthority('releases');
  agent = new Agent({ connect: { ca: authority.cert } });
});
afterAll(() => agent.destroy());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k3s-ha-releases-'));
});
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  rmSync(folder, { recursive: true, force: true });
});

const trusting = ((url: URL, init: object) => undiciFetch(url, { ...init, dispatcher: agent })) as never;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Releases at an https address, as GitHub has them, and what was asked of it. */
async function site(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; readonly asked: string[] }> {
  const { cert, key } = await authority.server(['127.0.0.1']);
  const asked: string[] = [];
  const answer: RequestListener = ({ url = '' }, response) => {
    asked.push(url);
    const text = files[url.split('/').at(-1) ?? ''];
    if (text === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': Buffer.byteLength(text) }).end(text);
  };
  return { url: `https://127.0.0.1:${await listen(createServer({ cert, key }, answer))}/download`, asked };
}

const release = (binary = BINARY, promised = binary) => ({
  k3s: binary,
  'sha256sum-amd64.txt': `${sha256('x')}  k3s-airgap-images-amd64.tar\n${sha256(promised)}  k3s\n`,
});

const get = (from: string, more: Partial<WantedBinary> = {}, silenceMs = 20_000) =>
  createReleaseFiles({ folder, fetch: trusting, silenceMs }).binary({
    version: VERSION,
    architecture: 'amd64',
    from,
    ...more,
  });

async function textOf(input: ByteInput): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of input.open()) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** Everything below the folder that is no folder. */
const kept = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );

describe('the binary of a release', () => {
  it('is fetched once, checked, and kept for the next time', async () => {
    const { url, asked } = await site(release());
    const received: unknown[] = [];
    const onReceived = (...seen: unknown[]): void => void received.push(seen);
    const first = await get(url, { onReceived });
    if (!first.ok) throw new Error(first.error.message);
    expect(first.value).toMatchObject({ size: BINARY.length, sha256: sha256(BINARY) });
    expect(await textOf(first.value)).toBe(BINARY);
    expect(asked).toEqual(['sha256sum-amd64.txt', 'k3s'].map((name) => `/download/v1.36.3%2Bk3s1/${name}`));
    expect(received.at(-1)).toEqual([BINARY.length, BINARY.length]);
    received.length = 0;
    expect(await get(url, { onReceived })).toMatchObject({ ok: true, value: { sha256: sha256(BINARY) } });
    expect(received).toEqual([]);
    expect(asked).toHaveLength(2);
    expect(kept().sort()).toEqual(['k3s', 'sha256sum-amd64.txt']);
  });

  it('is fetched again when the one that was kept is damaged', async () => {
    const { url, asked } = await site(release());
    await get(url);
    const [one = ''] = readdirSync(folder);
    writeFileSync(join(folder, one, VERSION, 'k3s'), 'damaged');
    expect(await get(url)).toMatchObject({ ok: true, value: { sha256: sha256(BINARY) } });
    expect(asked.filter((path) => path.endsWith('/k3s'))).toHaveLength(2);
  });

  it('is not used, and not kept, when it is not the one of its sha256 file', async () => {
    const { url } = await site(release('another one', BINARY));
    expect(await get(url)).toMatchObject({
      ok: false,
      error: { code: 'release-unusable', why: expect.stringContaining(sha256('another one')) as string },
    });
    expect(kept()).toEqual([]);
  });

  it('of one address says nothing about another address', async () => {
    const bad = await site(release('evil'));
    const good = await site(release());
    await get(bad.url);
    expect(await get(good.url)).toMatchObject({ ok: true, value: { sha256: sha256(BINARY) } });
  });

  it('is refused from an address that is not encrypted', async () => {
    const port = await listen(createPlainServer((_, response) => void response.end('k3s')));
    expect(await get(`http://127.0.0.1:${port}/download`)).toMatchObject({
      ok: false,
      error: { code: 'release-not-encrypted' },
    });
  });

  it('is told to be missing, with the address and no password', async () => {
    const { url } = await site({});
    const found = await get(url.replace('https://', 'https://ada:s3cr3t@'));
    expect(found).toMatchObject({
      ok: false,
      error: { code: 'release-unreachable', why: expect.stringContaining('status 404') as string },
    });
    expect(JSON.stringify(found)).not.toContain('s3cr3t');
    const list = await site({ 'sha256sum-amd64.txt': 'no list' });
    expect(await get(list.url)).toMatchObject({ error: { why: 'It has no line for k3s.' } });
  });

  it('is given up when nothing comes any more, or when it is cancelled, and leaves no part', async () => {
    const { cert, key } = await authority.server(['127.0.0.1']);
    const cancel = new AbortController();
    let onBinary = (): void => undefined;
    const answer: RequestListener = ({ url = '' }, response) => {
      if (url.endsWith('.txt')) return void response.end(release()['sha256sum-amd64.txt']);
      response.writeHead(200).write('the beginning');
      onBinary();
    };
    const url = `https://127.0.0.1:${await listen(createServer({ cert, key }, answer))}`;
    expect(await get(url, {}, 500)).toMatchObject({
      ok: false,
      error: { code: 'release-unreachable', why: 'nothing came for 0.5 seconds' },
    });
    onBinary = () => cancel.abort();
    expect(await get(url, { signal: cancel.signal })).toMatchObject({ ok: false });
    expect(kept()).toEqual([]);
  });
});
