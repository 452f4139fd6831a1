import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { downloadScript, type DownloadOptions } from '../../../src/adapters/http/downloadScript';
import { SCRIPT_UNREACHABLE } from '../../../src/engine/ports';
import { makeAuthority, type Authority } from '../kubernetes/certificates';

const SCRIPT = '#!/bin/sh\necho "installing é"\n';

let authority: Authority;
let agent: Agent;
const cleanups: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  authority = await makeAuthority('scripts');
  agent = new Agent({ connect: { ca: authority.cert } });
});
afterAll(() => agent.destroy());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Node's fetch with the CA of the test. */
const trusting = ((url: URL, init: object) => undiciFetch(url, { ...init, dispatcher: agent })) as never;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function encrypted(answer: RequestListener): Promise<string> {
  const { cert, key } = await authority.server(['127.0.0.1', 'localhost']);
  return `https://127.0.0.1:${await listen(createServer({ cert, key }, answer))}`;
}

async function plain(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createPlainServer(answer))}`;
}

const delivers: RequestListener = (_, response) => void response.end(SCRIPT);
const sendsOn =
  (to: string): RequestListener =>
  (_, response) =>
    void response.writeHead(302, { location: to }).end();

const download = (url: string, options: Partial<DownloadOptions> = {}) =>
  downloadScript(url, { pinned: false, answerMs: 10_000, wholeMs: 20_000, fetch: trusting, ...options });

describe('M8: the install script is downloaded by this machine', () => {
  it('M8: over https, byte for byte, also from where it is sent on to', async () => {
    const there = await encrypted(delivers);
    const url = await encrypted(sendsOn(`${there}/install.sh?signature=s3cr3t`));
    expect(await download(`${there}/`)).toEqual({ ok: true, value: { text: SCRIPT, finalUrl: there } });
    expect(await download(url)).toEqual({ ok: true, value: { text: SCRIPT, finalUrl: `${there}/install.sh` } });
  });

  it.each([false, true])(
    'M8: a redirect to http is refused (pinned: %s), and nothing is asked there',
    async (pinned) => {
      let asked = 0;
      const there = await plain((request, response) => {
        asked += 1;
        delivers(request, response);
      });
      const url = await encrypted(sendsOn(`${there}/install.sh`));
      expect(await download(url, { pinned })).toMatchObject({
        ok: false,
        error: {
          code: 'install-script-not-encrypted',
          message: `${url} sends on to ${there}/install.sh, which is not https`,
        },
      });
      expect(asked).toBe(0);
    },
  );

  it('M8: an address that is not encrypted is asked only when the sha256 is known', async () => {
    const url = await plain(delivers);
    expect(await download(url)).toMatchObject({ ok: false, error: { code: 'install-script-not-encrypted' } });
    expect(await download(url, { pinned: true })).toMatchObject({ ok: true, value: { text: SCRIPT } });
  });

  it('M8: more than 1 MiB is refused before it is all here', async () => {
    let sent = 0;
    const url = await encrypted((_, response) => {
      const more = (): void => {
        while (sent < 64 * 2 ** 20 && response.write(Buffer.alloc(65_536, 'x'))) sent += 65_536;
      };
      response.on('drain', more);
      more();
    });
    expect(await download(url)).toMatchObject({
      ok: false,
      error: { code: 'install-script-unusable', why: 'It has more than 1 MiB.' },
    });
    expect(sent).toBeLessThan(64 * 2 ** 20);
  });

  it.each([
    ['a web page', Buffer.from('\n<!DOCTYPE html><title>Sign in</title>'), 'web page'],
    ['an empty file', Buffer.from('\n'), 'empty'],
    ['a binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe]), 'UTF-8'],
  ])('M8: %s is no script', async (_what, body, why) => {
    const url = await encrypted((_, response) => void response.end(body));
    expect(await download(url)).toMatchObject({
      ok: false,
      error: { code: 'install-script-unusable', why: expect.stringContaining(why) },
    });
  });

  it('M8: nobody waits for a server that says nothing, or never ends', async () => {
    const silent = createTcpServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const late = { code: SCRIPT_UNREACHABLE, why: 'it took longer than 0.3 seconds' };
    expect(await download(`https://127.0.0.1:${port}`, { answerMs: 300 })).toMatchObject({ ok: false, error: late });
    const endless = await encrypted((_, response) => void response.write('#!/bin/sh\n'));
    expect(await download(endless, { wholeMs: 300 })).toMatchObject({ ok: false, error: late });
  });

  it('M8: a person who cancels is not kept either', async () => {
    const cancel = new AbortController();
    const url = await encrypted(() => cancel.abort());
    expect(await download(url, { signal: cancel.signal })).toMatchObject({ ok: false });
  });

  it('M8: says why this machine cannot reach it', async () => {
    const untrusted = await encrypted(delivers);
    const missing = await encrypted((_, response) => void response.writeHead(404).end());
    const circle = await encrypted((request, response) => sendsOn(request.url ?? '/')(request, response));
    const port = await listen(createPlainServer());
    await cleanups.pop()?.();
    const whys = await Promise.all(
      [
        download(`https://127.0.0.1:${port}`),
        download(untrusted, { fetch: globalThis.fetch }),
        download(missing),
        download(circle),
      ].map(async (outcome) => ((found) => (found.ok ? [] : [found.error.code, found.error.why]))(await outcome)),
    );
    expect(whys).toEqual([
      [SCRIPT_UNREACHABLE, expect.stringContaining('ECONNREFUSED')],
      [SCRIPT_UNREACHABLE, expect.stringContaining('certificate')],
      [SCRIPT_UNREACHABLE, expect.stringContaining('status 404')],
      [SCRIPT_UNREACHABLE, expect.stringContaining('without end')],
    ]);
  });

  it('M8: user and password go to their own server only, and into no text', async () => {
    const seen: (string | undefined)[] = [];
    const note: RequestListener = (request, response) => {
      seen.push(request.headers.authorization);
      response.end(SCRIPT);
    };
    const other = await encrypted(note);
    const own = await encrypted((request, response) => {
      seen.push(request.headers.authorization);
      sendsOn(other)(request, response);
    });
    const address = own.replace('https://', 'https://ada:p%40ss@');
    expect(await download(address)).toEqual({ ok: true, value: { text: SCRIPT, finalUrl: other } });
    expect(seen).toEqual([`Basic ${Buffer.from('ada:p@ss').toString('base64')}`, undefined]);

    const gone = await download(address.replace(/:\d+$/, ':1'));
    expect(gone.ok).toBe(false);
    expect(JSON.stringify(gone)).not.toMatch(/ada|p%40ss|p@ss/);
  });
});
