import type { Duplex } from 'node:stream';
import type { Hop } from './hops';
import { createLimiter, type Limiter } from './limiter';
import type { Transport } from './transport';

/** A server that is logged in to. */
export interface Connection {
  readonly hop: Hop;
  readonly client: Transport;
  /** What the client writes to: a TCP socket, a channel of the jump host, or the control socket of ssh. */
  readonly socket: Duplex;
  /** The password that the login took, if it took one. */
  readonly loginPassword: string | undefined;
  /** Places for commands. sshd allows ten sessions on a connection by default (MaxSessions). */
  readonly channels: Limiter;
  /** Why the connection is gone; undefined while it stands. */
  lostReason(): string | undefined;
  onLost(listener: () => void): void;
  /** Says goodbye; resolves when the socket is closed. */
  close(): Promise<void>;
}

const CHANNELS = 8;
const GOODBYE_MS = 500;

export function createConnection(
  hop: Hop,
  client: Transport,
  socket: Duplex,
  loginPassword: string | undefined,
): Connection {
  const listeners: (() => void)[] = [];
  let lastError: string | undefined;
  let lost: string | undefined;
  let closing = false;

  client.on('error', (error: Error & { level?: string }) => {
    lastError = error.level === 'client-timeout' ? 'The host stopped answering.' : error.message;
  });
  client.on('close', () => {
    lost = closing ? 'The connection was closed here.' : (lastError ?? 'The host closed the connection.');
    for (const listener of listeners.splice(0)) listener();
  });

  return {
    hop,
    client,
    socket,
    loginPassword,
    channels: createLimiter(CHANNELS),
    lostReason: () => lost,
    onLost(listener) {
      if (lost === undefined) listeners.push(listener);
      else listener();
    },
    close() {
      closing = true;
      if (lost !== undefined) return Promise.resolve();
      return new Promise((resolve) => {
        // Not the client: ssh2 leaves a socket open that was ended and cannot get rid of what it holds.
        const timer = setTimeout(() => socket.destroy(), GOODBYE_MS);
        listeners.push(() => {
          clearTimeout(timer);
          resolve();
        });
        client.end();
      });
    },
  };
}
