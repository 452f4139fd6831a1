import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps, type Server } from 'node:https';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDoors } from '../../../src/adapters/kubernetes/doors';
import type { MachineDoor, MachineDoors } from '../../../src/engine/ports';
import { makeAuthority, type Authority, type KeyPair } from './certificates';

let authority: Authority;
let admin: KeyPair;
beforeAll(async () => {
  authority = await makeAuthority('k3s-server-ca');
  admin = await authority.client('CN=system:admin,O=system:masters');
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A machine behind a cable that can be pulled: nothing is refused then, and nothing answered. */
interface Machine {
  readonly door: MachineDoor;
  readonly requests: string[];
  connections(): number;
  /** Of all connections, both ways. */
  bytes(): number;
  pull(): void;
  stop(): void;
}

async function machine(protocol: 'h2' | 'http/1.1', withIdentity: boolean): Promise<Machine> {
  const pair = await authority.server(['kubernetes', 'agent-1']);
  const requests: string[] = [];
  const tls = { ...pair, ca: authority.cert, requestCert: true, rejectUnauthorized: false };
  const server = (protocol === 'h2' ? createSecureServer(tls) : createHttps(tls)) as Server;
  server.on('request', (request, response) => {
    requests.push(request.url ?? '');
    if (request.url !== '/hangs') response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets: Socket[] = [];
  let pulled = false;
  const cable = createServer((socket) => {
    const on = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    for (const end of [socket, on]) end.on('error', () => undefined);
    socket.on('close', () => on.destroy());
    on.on('close', () => socket.destroy());
    socket.on('data', (bytes) => pulled || on.write(bytes));
    on.on('data', (bytes) => pulled || socket.write(bytes));
  });
  cable.listen(0, '127.0.0.1');
  await once(cable, 'listening');
  const { port } = cable.address() as AddressInfo;
  const stop = (): void => {
    cable.close();
    for (const socket of sockets) socket.destroy();
  };
  closing.push(() => {
    stop();
    server.close();
  });
  return {
    door: { address: '127.0.0.1', port, withIdentity },
    requests,
    connections: () => sockets.length,
    bytes: () => sockets.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0),
    pull: () => (pulled = true),
    stop,
  };
}

async function doors(): Promise<MachineDoors> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const kubeconfig = JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [
      { name: 'c', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': base64(authority.cert) } },
    ],
    users: [
      { name: 'u', user: { 'client-certificate-data': base64(admin.cert), 'client-key-data': base64(admin.key) } },
    ],
  });
  const opened = await openDoors({ kubeconfig, trust: 'data' });
  if (!opened.ok) throw new Error(opened.error.message);
  closing.push(() => opened.value.close());
  return opened.value;
}

const LIMIT = 5000;

describe.each(['h2', 'http/1.1'] as const)('a machine that speaks %s', (protocol) => {
  it('answers questions and knocks over connections that stay, and says who it is', async () => {
    const { door, connections, requests } = await machine(protocol, false);
    const { ask, knock } = await doors();
    expect(await knock(door, '/ping', LIMIT)).toMatchObject({ reached: 'answers', opened: true });
    expect(await knock(door, '/ping', LIMIT)).toMatchObject({ reached: 'answers', opened: false });
    expect(await ask(door, '/readyz', LIMIT)).toMatchObject({ status: 200, body: 'ok' });
    expect((await ask(door, '/readyz', LIMIT)) as object).toMatchObject({ names: expect.arrayContaining(['agent-1']) });
    expect(connections()).toBe(1);
    expect(requests[0]).toBe('/ping');
  });

  it('is silent behind a cut cable within the limit, refused once it is stopped, and told when its connection ends', async () => {
    const gone = await machine(protocol, true);
    const stopped = await machine(protocol, true);
    const { knock } = await doors();
    for (const { door } of [gone, stopped]) await knock(door, '/ping', LIMIT);
    gone.pull();
    expect(await knock(gone.door, '/ping', 300)).toEqual({ reached: 'silent' });
    const last = await knock(stopped.door, '/ping', LIMIT);
    const ended = 'ended' in last ? last.ended : undefined;
    expect(ended?.aborted).toBe(false);
    stopped.stop();
    await expect.poll(() => ended?.aborted).toBe(true);
    expect(await knock(stopped.door, '/ping', LIMIT)).toEqual({ reached: 'refused' });
  });

  it('is known to live while an answer of its API hangs', async () => {
    const { door } = await machine(protocol, true);
    const { ask, knock } = await doors();
    await knock(door, '/ping', LIMIT);
    const hanging = ask(door, '/hangs', 1500);
    expect(await knock(door, '/ping', LIMIT)).toMatchObject({ reached: 'answers' });
    expect(await hanging).toEqual({ reached: 'silent' });
    expect(await ask(door, '/readyz', LIMIT)).toMatchObject({ status: 200 });
  });
});

describe('knocking over HTTP/2', () => {
  it('takes fewer than a hundred bytes and no request', async () => {
    const { door, requests, bytes } = await machine('h2', false);
    const { knock } = await doors();
    for (let i = 0; i < 5; i += 1) await knock(door, '/healthz', LIMIT);
    const before = bytes();
    for (let i = 0; i < 20; i += 1) await knock(door, '/healthz', LIMIT);
    expect((bytes() - before) / 20).toBeLessThan(100);
    expect(requests).toEqual(['/healthz']);
  });
});
