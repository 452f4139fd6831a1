import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  createClusterCertificates,
  createServingCertificate,
  type ClusterCertificates,
  type KeyPair,
} from '../../src/practice/k3s/certificates';

/** What the port of K3s answers, as far as those who look at a fixed address ask. */
export interface K3sDoor {
  readonly port: number;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly certificates: ClusterCertificates;
  /** Names in the certificate besides those that K3s always has. */
  readonly names?: readonly string[];
  /** What is shown in the place of K3s's own certificate: TLS ends before it. */
  readonly shown?: KeyPair;
  /** What the API calls itself at each connection, in turn; `none` is a home of etcd alone. */
  readonly servers?: readonly string[];
  readonly host?: string;
  readonly port?: number;
}

export function authority(): Promise<ClusterCertificates> {
  return createClusterCertificates(Date.now());
}

/** Listens until it is closed. */
export async function k3sDoor(options: DoorOptions): Promise<K3sDoor> {
  const { certificates, names = ['127.0.0.1'], servers = ['10.0.0.11:6443'], host = '127.0.0.1', port = 0 } = options;
  const own = await createServingCertificate(certificates, ['kubernetes', ...names], Date.now());
  const { certificate: cert, key } = options.shown ?? own;
  let turn = 0;
  const ca = certificates.clientCa.certificate;
  const server: HttpsServer = createHttps(
    { cert, key, ca, requestCert: true, rejectUnauthorized: false },
    (asked, reply) => {
      const body = (status: number, text: string): void =>
        void reply.writeHead(status, { connection: 'close' }).end(text);
      if (asked.url === '/ping') return body(200, 'pong');
      if (asked.url === '/cacerts') return body(200, certificates.serverCa.certificate);
      const serverAddress = servers[turn++ % servers.length] ?? '';
      if (serverAddress === 'none') return body(503, '{"message":"apiserver disabled"}');
      if (!(asked.socket as TLSSocket).authorized) return body(401, '{"message":"Unauthorized"}');
      return body(
        200,
        JSON.stringify({ serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] }, null, 2),
      );
    },
  );
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
