import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AddressSight } from '../../../src/core/loadBalancer/addressSight';
import { lookAtAddress, type AddressQuestion } from '../../../src/core/remote/addressSight';
import type { ClusterCertificates } from '../../../src/practice/k3s/certificates';
import { createServingCertificate } from '../../../src/practice/k3s/certificates';
import { authority, k3sDoor, type DoorOptions, type K3sDoor } from '../../support/k3sDoor';
import { shellHost, type ShellHost } from '../../support/shellHost';

let ours: ClusterCertificates;
let others: ClusterCertificates;
beforeAll(async () => {
  [ours, others] = await Promise.all([authority(), authority()]);
});

describe.each(['/bin/dash', '/bin/bash'])('What a host sees at the fixed address under %s', (shell) => {
  let host: ShellHost;
  const open: (K3sDoor | Server)[] = [];
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(async () => {
    host.remove();
    for (const door of open.splice(0)) await ('port' in door ? door.close() : closed(door));
  });

  const door = async (options: Partial<DoorOptions> = {}): Promise<number> => {
    const made = await k3sDoor({ certificates: ours, ...options });
    open.push(made);
    return made.port;
  };
  /** Gives the host the files of a server, or only those of an agent. */
  const node = (role: 'server' | 'agent'): string => {
    const put = (path: string, text: string): void => {
      mkdirSync(join(host.folder, 'k3s', path, '..'), { recursive: true });
      writeFileSync(join(host.folder, 'k3s', path), text);
    };
    put('agent/server-ca.crt', ours.serverCa.certificate);
    if (role === 'server') {
      put('server/tls/server-ca.crt', ours.serverCa.certificate);
      put('server/tls/client-admin.crt', ours.admin.certificate);
      put('server/tls/client-admin.key', ours.admin.key);
    }
    return join(host.folder, 'k3s');
  };
  const look = async (asked: Partial<AddressQuestion>): Promise<AddressSight> => {
    const command = lookAtAddress({ address: '127.0.0.1', port: 6443, tries: 3, ...asked });
    const parsed = command.parse(await host.run(command));
    if (!parsed.ok) throw new Error(parsed.error.message);
    return parsed.value;
  };
  const hashOf = (certificates: ClusterCertificates): string =>
    createHash('sha256').update(certificates.serverCa.certificate).digest('hex');

  it('is K3s of the cluster, with the server that each connection ends at', async () => {
    const port = await door({ servers: ['10.0.0.11:6443', '10.0.0.12:6443', 'none'] });
    const own = await door({ servers: ['10.0.0.11:6443'] });
    const sight = await look({ port, dataDir: node('server'), ownPort: own });
    expect(sight).toEqual({
      addresses: ['127.0.0.1'],
      self: '10.0.0.11:6443',
      doors: [
        {
          address: '127.0.0.1',
          reach: 'answered',
          subject: expect.stringContaining('k3s') as string,
          issuer: expect.stringContaining('k3s-server-ca@') as string,
          authority: hashOf(ours),
          trusted: true,
          named: true,
          tries: [
            { reach: 'answered', server: '10.0.0.11:6443', withoutApi: false },
            { reach: 'answered', server: '10.0.0.12:6443', withoutApi: false },
            { reach: 'answered', withoutApi: true },
          ],
        },
      ],
    });
  });

  it('is trusted by an agent, too, which the API does not tell who it is', async () => {
    const [seen] = (await look({ port: await door(), dataDir: node('agent') })).doors;
    expect(seen).toMatchObject({ trusted: true, named: true });
    expect(seen?.tries).toEqual(Array(3).fill({ reach: 'answered', withoutApi: false }));
  });

  it('is told by issuer and authority on a host that knows no cluster', async () => {
    const [seen] = (await look({ port: await door() })).doors;
    expect(seen).toMatchObject({ reach: 'answered', authority: hashOf(ours), tries: [] });
    expect(seen).not.toHaveProperty('trusted');
  });

  it('is right and has not the name that clients ask for', async () => {
    const port = await door({ names: ['10.0.0.11'] });
    const [seen] = (await look({ port, dataDir: node('server') })).doors;
    expect(seen).toMatchObject({ trusted: true, named: false });
    expect(seen?.tries).toHaveLength(3);
    const [named] = (await look({ port, dataDir: node('server'), tlsServerName: '10.0.0.11' })).doors;
    expect(named).toMatchObject({ trusted: true, named: true });
  });

  it('ends TLS with a certificate of its own, and K3s stands behind it', async () => {
    const shown = await createServingCertificate(others, ['127.0.0.1'], Date.now());
    const [seen] = (await look({ port: await door({ shown }), dataDir: node('server') })).doors;
    expect(seen).toMatchObject({ reach: 'answered', authority: hashOf(ours), trusted: false, tries: [] });
    expect(seen).not.toHaveProperty('named');
  });

  it('is another cluster', async () => {
    const [seen] = (await look({ port: await door({ certificates: others }), dataDir: node('server') })).doors;
    expect(seen).toMatchObject({ authority: hashOf(others), trusted: false });
  });

  it('speaks no TLS, closes at once, or refuses', async () => {
    const plain = createServer((socket) => void socket.on('error', ignored).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const rude = createServer((socket) => void socket.on('error', ignored).destroy());
    const ports: number[] = [];
    for (const server of [plain, rude]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      ports.push((server.address() as AddressInfo).port);
      open.push(server);
    }
    expect((await look({ port: ports[0] })).doors[0]?.reach).toBe('not-tls');
    expect((await look({ port: ports[1] })).doors[0]?.reach).toBe('closed');
    await closed(rude);
    const [refused] = (await look({ port: ports[1] })).doors;
    expect(refused).toMatchObject({ reach: 'refused', says: expect.stringContaining('refused') as string });
  });

  it('is a name that stands for several addresses, each of which is asked', async () => {
    host.program('getent', 'printf "127.0.0.1 STREAM k3s.test\\n127.0.0.1 DGRAM\\n127.0.0.2 STREAM\\n"');
    const port = await door({ names: ['k3s.test'] });
    const sight = await look({ address: 'k3s.test', port, dataDir: node('server') });
    expect(sight.addresses).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(sight.doors.map(({ address, reach }) => `${address} ${reach}`)).toEqual([
      '127.0.0.1 answered',
      '127.0.0.2 refused',
    ]);
    expect(sight.doors[0]).toMatchObject({ trusted: true, named: true });
  });

  it('is a name that nobody knows', async () => {
    host.program('getent', 'exit 2');
    expect(await look({ address: 'k3s.test' })).toEqual({ addresses: [], doors: [] });
  });

  it('cannot be looked at without curl', async () => {
    const command = lookAtAddress({ address: '127.0.0.1', port: 6443, tries: 3 });
    expect(command.parse({ stdout: '', stderr: '', exitCode: 3 })).toMatchObject({
      ok: false,
      error: { code: 'curl-missing', nextSteps: [expect.stringContaining('Install curl') as string] },
    });
  });
});

/** Clients that go away are theirs. */
function ignored(): void {}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => void (server.listening ? server.close(() => resolve()) : resolve()));
}
