import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '../../core/base/result';
import type { DatabaseAccess, DatabaseRefusal, DatabaseTls } from '../../core/datastore/trial/answer';
import { refusalOf } from './client';

/** What of the server's certificate is checked, and what is shown to it. */
export function tlsOptions({ ca, certificate, key, checks }: DatabaseTls, host: string): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: checks !== 'nothing',
    checkServerIdentity: (_, shown) => (checks === 'name' ? checkServerIdentity(host, shown) : undefined),
  };
}

/** TLS over a stream; the stream as it is where the access has none. */
export function encrypted(
  stream: Duplex,
  { tls, host }: DatabaseAccess,
  protocol?: 'h2',
): Promise<Result<Duplex, DatabaseRefusal>> {
  if (tls === undefined) return Promise.resolve(ok(stream));
  return new Promise((resolve) => {
    try {
      // A name for SNI; addresses have none (RFC 6066).
      const socket: TLSSocket = connect({
        socket: stream,
        ...tlsOptions(tls, host),
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(protocol === undefined ? {} : { ALPNProtocols: [protocol] }),
      });
      socket.once('secureConnect', () => resolve(ok(socket)));
      socket.on('error', (error) => resolve(err(refusalOf(error, 'encryption'))));
      socket.once('close', () => resolve(err({ at: 'encryption', code: 'closed', says: 'It closed the connection.' })));
    } catch (error) {
      resolve(err(refusalOf(error, 'encryption')));
    }
  });
}
