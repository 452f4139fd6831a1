import { createHash } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addressLook } from '../../../src/adapters/system/addressLook';
import type { DoorSight } from '../../../src/core/loadBalancer/addressSight';
import { createServingCertificate, type ClusterCertificates } from '../../../src/practice/k3s/certificates';
import { authority, k3sDoor, type DoorOptions } from '../../support/k3sDoor';

let ours: ClusterCertificates;
let others: ClusterCertificates;
const hashOf = ({ serverCa }: ClusterCertificates): string =>
  createHash('sha256').update(serverCa.certificate).digest('hex');
beforeAll(async () => {
  [ours, others] = await Promise.all([authority(), authority()]);
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const door of open.splice(0)) await door.close();
});

async function door(options: Partial<DoorOptions> = {}): Promise<number> {
  const made = await k3sDoor({ certificates: ours, ...options });
  open.push(made);
  return made.port;
}

async function look(port: number, known: string | undefined = hashOf(ours)): Promise<DoorSight | undefined> {
  return (await addressLook.look({ address: '127.0.0.1', port, tries: 3 }, known)).doors[0];
}

describe('The fixed address as this computer sees it', () => {
  it('is K3s of the cluster, at every connection', async () => {
    const seen = await look(await door());
    expect(seen).toMatchObject({ reach: 'answered', authority: hashOf(ours), trusted: true, named: true });
    expect(seen?.issuer).toMatch(/k3s-server-ca@/);
    expect(seen?.tries).toEqual(Array(3).fill({ reach: 'answered', withoutApi: false }));
  });

  it('is right and has not the address in its certificate', async () => {
    expect(await look(await door({ names: ['10.0.0.11'] }))).toMatchObject({ trusted: true, named: false });
  });

  it('ends TLS before K3s, whatever authority it passes on', async () => {
    const shown = await createServingCertificate(others, ['127.0.0.1'], Date.now());
    expect(await look(await door({ shown }))).toMatchObject({ authority: hashOf(ours), trusted: false, tries: [] });
  });

  it('trusts no authority that nobody has vouched for', async () => {
    for (const known of [undefined, hashOf(others)]) {
      const seen = await look(await door(), known ?? '');
      expect(seen).toMatchObject({ reach: 'answered', authority: hashOf(ours), tries: [] });
      expect(seen).not.toHaveProperty('trusted');
    }
  });

  it('speaks no TLS, closes, or refuses', async () => {
    const ports = await Promise.all(
      ['HTTP/1.1 400 Bad Request\r\n\r\n', ''].map(async (words) => {
        const server = createServer(
          (socket) =>
            void socket
              .on('error', () => undefined)
              .resume()
              .end(words),
        );
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        open.push({ close: () => new Promise((resolve) => void server.close(() => resolve())) });
        return (server.address() as AddressInfo).port;
      }),
    );
    expect((await look(ports[0] ?? 0))?.reach).toBe('not-tls');
    expect((await look(ports[1] ?? 0))?.reach).toBe('closed');
    const port = await door();
    await open.pop()?.close();
    expect((await look(port))?.reach).toBe('refused');
  });

  it('is a name that this computer does not know', async () => {
    expect(await addressLook.look({ address: 'k3s.invalid', port: 6443, tries: 1 }, undefined)).toEqual({
      addresses: [],
      doors: [],
    });
  });
});
