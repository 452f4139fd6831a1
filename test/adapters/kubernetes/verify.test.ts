import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClusterApi } from '../../../src/adapters/kubernetes/api';
import { problem, type Problem } from '../../../src/core/base/problem';
import { err, ok } from '../../../src/core/base/result';
import type { ApiEndpoint } from '../../../src/engine/ports';
import type { ApiDouble } from './apiDouble';
import { startApiDouble } from './apiDouble';
import type { Authority } from './certificates';
import { makeAuthority } from './certificates';

const api = createClusterApi({ log: { debug: () => undefined }, timeoutMs: 1500 });
let serverCa: Authority;
let clientCa: Authority;
let double: ApiDouble;
const cleanUps: (() => unknown)[] = [];

beforeAll(async () => {
  [serverCa, clientCa] = await Promise.all([makeAuthority('k3s-server-ca@1'), makeAuthority('k3s-client-ca@1')]);
  double = await startApiDouble({ serverCa, clientCa });
});
afterAll(() => double.stop());
afterEach(async () => {
  double.answer = undefined;
  double.requests.length = 0;
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function problemOf(endpoint: ApiEndpoint | string, signal?: AbortSignal): Promise<Problem> {
  const result = await api.verify(typeof endpoint === 'string' ? { kubeconfig: endpoint } : endpoint, signal);
  if (result.ok) throw new Error(`verified, though it should not: ${result.value.gitVersion}`);
  return result.error;
}

async function listen(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanUps.push(() => {
    for (const socket of open) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

describe('verify', () => {
  test('proves address, CA and credentials, and leaves no connection', async () => {
    expect(await api.verify({ kubeconfig: double.kubeconfig() })).toEqual({
      ok: true,
      value: { gitVersion: 'v1.36.3+k3s1' },
    });
    expect(double.requests).toEqual(['/readyz', '/version']);
    await expect.poll(() => double.connections).toBe(0);
  });

  test('a name that the certificate lacks: the names it has and the way out', async () => {
    const api443 = await startApiDouble({ serverCa, clientCa, names: ['10.43.0.1', 'kubernetes.default.svc'] });
    cleanUps.push(() => api443.stop());
    expect(await problemOf(api443.kubeconfig())).toMatchObject({
      code: 'api-certificate-name',
      message: expect.stringContaining('does not name 127.0.0.1') as string,
      why: 'It is valid for 10.43.0.1, kubernetes.default.svc.',
      nextSteps: [
        expect.stringMatching(/Add 127\.0\.0\.1 to tls-san of every server/) as string,
        expect.stringContaining('tlsServerName') as string,
      ],
    });
    // Both a listed name and a listed address bridge it.
    for (const name of ['kubernetes.default.svc', '10.43.0.1']) {
      expect(
        await api.verify({ kubeconfig: api443.kubeconfig('127.0.0.1', { 'tls-server-name': name }) }),
      ).toMatchObject({ ok: true });
    }
    expect(await problemOf(api443.kubeconfig('127.0.0.1', { 'tls-server-name': 'other' }))).toMatchObject({
      message: expect.stringContaining('does not name other') as string,
    });
  });

  test('another CA', async () => {
    const other = await startApiDouble({ serverCa: await makeAuthority('k3s-server-ca@2'), clientCa });
    cleanUps.push(() => other.stop());
    const wrong = double.kubeconfig().replace(`:${double.port}`, `:${other.port}`);
    expect(await problemOf(wrong)).toMatchObject({
      code: 'api-unknown-ca',
      nextSteps: [expect.stringContaining('fetch the kubeconfig again') as string],
    });
    expect(other.requests).toEqual([]);
  });

  test('an expired certificate', async () => {
    const old = await startApiDouble({ serverCa, clientCa, validDays: -1 });
    cleanUps.push(() => old.stop());
    expect(await problemOf(old.kubeconfig())).toMatchObject({
      code: 'api-certificate-date',
      message: expect.stringContaining('has expired') as string,
    });
  });

  test('credentials of another installation', async () => {
    const reinstalled = await startApiDouble({ serverCa, clientCa: await makeAuthority('k3s-client-ca@2') });
    cleanUps.push(() => reinstalled.stop());
    expect(await problemOf(double.kubeconfig().replace(`:${double.port}`, `:${reinstalled.port}`))).toMatchObject({
      code: 'api-unauthorized',
      why: '401: not authorized',
    });
  });

  test.each([
    [503, '{"kind":"Status","message":"starting"}', 'api-starting', '503: starting'],
    [
      500,
      '[+]ping ok\n[-]etcd failed: reason withheld\n[-]informer-sync failed: reason withheld\nreadyz check failed',
      'api-not-ready',
      '500: etcd failed: reason withheld, informer-sync failed: reason withheld',
    ],
    [403, '{"kind":"Status","message":"forbidden"}', 'api-forbidden', '403: forbidden'],
    [404, '<html>nginx</html>', 'api-failed', '404: <html>nginx</html>'],
  ])('status %s', async (status, body, code, why) => {
    double.answer = { status, body };
    expect(await problemOf(double.kubeconfig())).toMatchObject({ code, why });
  });

  test('a token of one’s own instead of a certificate is sent', async () => {
    double.answer = { status: 403, body: '{"message":"forbidden"}' };
    const withToken = JSON.parse(double.kubeconfig()) as { users: { user: unknown }[] };
    withToken.users = [{ ...withToken.users[0], user: { token: 'sesame' } }];
    await problemOf({ kubeconfig: JSON.stringify(withToken), trust: 'own' });
    expect(double.lastHeaders).toMatchObject({ authorization: 'Bearer sesame' });
  });

  test('a port that browsers refuse', async () => {
    expect(await problemOf(double.kubeconfig().replace(`:${double.port}`, ':1'))).toMatchObject({
      code: 'api-refused',
    });
  });

  test('a refused connection', async () => {
    const gone = await startApiDouble({ serverCa, clientCa });
    await gone.stop();
    expect(await problemOf(gone.kubeconfig())).toMatchObject({
      code: 'api-refused',
      message: expect.stringContaining(`https://127.0.0.1:${gone.port}`) as string,
    });
  });

  test('an unknown name', async () => {
    expect(await problemOf(double.kubeconfig('no-such-host.invalid'))).toMatchObject({
      code: 'api-unreachable',
      nextSteps: [expect.stringContaining('DNS') as string],
    });
  });

  test('a server that never answers, before or after the handshake', async () => {
    double.answer = 'hang';
    expect(await problemOf(double.kubeconfig())).toMatchObject({ code: 'api-timeout' });
    const silent = await listen(createServer());
    expect(await problemOf(double.kubeconfig().replace(`:${double.port}`, `:${silent}`))).toMatchObject({
      code: 'api-timeout',
    });
  });

  test('a load balancer without a server behind it', async () => {
    const closing = await listen(createServer((socket) => socket.destroy()));
    expect(await problemOf(double.kubeconfig().replace(`:${double.port}`, `:${closing}`))).toMatchObject({
      code: 'api-closed',
    });
  });

  test('a port that speaks plain HTTP', async () => {
    const plain = await listen(createHttpServer((_request, response) => response.end('hi')));
    expect(await problemOf(double.kubeconfig().replace(`:${double.port}`, `:${plain}`))).toMatchObject({
      code: 'api-not-tls',
    });
  });

  test.each([
    [
      'insecure-skip-tls-verify',
      (text: string) => text.replace('"certificate-authority-data"', '"insecure-skip-tls-verify":true,"x"'),
    ],
    ['plain http', (text: string) => text.replace('https:', 'http:')],
    ['no context', (text: string) => text.replace('"current-context":"edge"', '"current-context":"gone"')],
    ['broken text', (text: string) => text.slice(0, -30)],
    ['an empty text', () => ''],
    ['a broken address', (text: string) => text.replace(/https:[^"]*/, 'https://[')],
  ])('a kubeconfig with %s is refused without its content', async (_, spoil) => {
    const told = await problemOf(spoil(double.kubeconfig()));
    expect(told.code).toBe('kubeconfig-invalid');
    expect(JSON.stringify(told)).not.toContain('LS0t');
  });

  test('a broken client key is refused, not thrown', async () => {
    const broken = double.kubeconfig().replace(/"client-key-data":"[^"]*"/, '"client-key-data":"bm90IGEga2V5"');
    expect(await api.verify({ kubeconfig: broken })).toMatchObject({ ok: false });
  });

  test('cancelling ends it at once', async () => {
    double.answer = 'hang';
    const controller = new AbortController();
    const asked = problemOf({ kubeconfig: double.kubeconfig() }, controller.signal);
    await expect.poll(() => double.requests.length).toBe(1);
    controller.abort();
    expect(await asked).toMatchObject({ code: 'cancelled' });
    expect(await problemOf({ kubeconfig: double.kubeconfig() }, controller.signal)).toMatchObject({
      code: 'cancelled',
    });
    await expect.poll(() => double.connections).toBe(0);
  });
});

describe('ways to the API', () => {
  test('a given stream is used instead of dialing, with the same checks, and closed after use', async () => {
    const streams: Socket[] = [];
    const tunnel = async () => {
      const stream = connect(double.port, '127.0.0.1');
      streams.push(stream);
      return ok(stream);
    };
    const kubeconfig = double.kubeconfig('kubernetes').replace(`:${double.port}`, ':6443');
    expect(await api.verify({ kubeconfig, connect: tunnel })).toMatchObject({ ok: true });
    expect(
      await problemOf({ kubeconfig: kubeconfig.replace('//kubernetes', '//other-name'), connect: tunnel }),
    ).toMatchObject({ code: 'api-certificate-name' });
    expect(streams).toHaveLength(2);
    await expect.poll(() => streams.every((stream) => stream.destroyed)).toBe(true);
  });

  test('a tunnel that cannot be opened tells its own problem', async () => {
    const trouble = problem('ssh-auth', 'server-1 refused the key.', { host: 'server-1' });
    expect(await problemOf({ kubeconfig: double.kubeconfig(), connect: async () => err(trouble) })).toEqual(trouble);
  });

  test('proxies of the environment are ignored, the proxy-url of one’s own kubeconfig is used', async () => {
    const tunnels: string[] = [];
    const proxy = createHttpServer();
    proxy.on('connect', (request, client: Socket) => {
      tunnels.push(request.url ?? '');
      const upstream = connect(double.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
      client.once('close', () => upstream.destroy());
    });
    const url = `http://127.0.0.1:${await listen(proxy)}`;
    const before = { ...process.env };
    Object.assign(process.env, { HTTPS_PROXY: url, https_proxy: url, NODE_USE_ENV_PROXY: '1' });
    cleanUps.push(() => {
      for (const name of ['HTTPS_PROXY', 'https_proxy', 'NODE_USE_ENV_PROXY']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    });
    expect(await api.verify({ kubeconfig: double.kubeconfig() })).toMatchObject({ ok: true });
    expect(tunnels).toEqual([]);
    expect(
      await api.verify({ kubeconfig: double.kubeconfig('127.0.0.1', { 'proxy-url': url }), trust: 'own' }),
    ).toMatchObject({ ok: true });
    expect(new Set(tunnels)).toEqual(new Set([`127.0.0.1:${double.port}`]));
  });

  test('NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch verification off', async () => {
    const other = await startApiDouble({ serverCa: await makeAuthority('k3s-server-ca@3'), clientCa });
    cleanUps.push(() => other.stop());
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    cleanUps.push(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);
    expect(await problemOf(double.kubeconfig().replace(`:${double.port}`, `:${other.port}`))).toMatchObject({
      code: 'api-unknown-ca',
    });
  });
});
