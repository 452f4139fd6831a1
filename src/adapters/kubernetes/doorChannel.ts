import { connect as connectHttp2, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { Client } from 'undici';

/** Answers of health checks have a few bytes; more is not read. */
const LARGEST_ANSWER = 65_536;
const KEEP_ALIVE_MS = 60_000;

export interface ChannelAnswer {
  readonly status: number;
  readonly body: string;
}

/** One connection to a door, as long as it lasts: what has ended is dialled anew. */
export interface DoorChannel {
  /** What the certificate is made out to. */
  readonly names: readonly string[];
  isOpen(): boolean;
  readonly ended: AbortSignal;
  get(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ChannelAnswer>;
  /** The cheapest sign of life, 17 bytes in a TLS record each way; absent where only HTTP/1.1 is spoken. */
  readonly ping?: () => Promise<void>;
  /** Everything that ever came. */
  bytesRead(): number;
  close(): void;
}

/** What depends on the protocol. */
type Spoken = Pick<DoorChannel, 'isOpen' | 'get' | 'ping' | 'close'>;

/** Speaks HTTP/2 where the other side does, as K3s and the kubelet do, else HTTP/1.1. */
export function channelOver(socket: TLSSocket, authority: string): DoorChannel {
  const ending = new AbortController();
  socket.once('close', () => ending.abort());
  const shared = {
    names: namesOf(socket.getPeerCertificate()),
    bytesRead: () => socket.bytesRead,
    ended: ending.signal,
  };
  return socket.alpnProtocol === 'h2'
    ? { ...shared, ...overHttp2(connectHttp2(authority, { createConnection: () => socket }), socket) }
    : { ...shared, ...overHttp1(socket, authority) };
}

function overHttp2(session: ClientHttp2Session, socket: TLSSocket): Spoken {
  // Questions fail by themselves; an error between two of them shows when the next is asked.
  session.on('error', () => session.destroy());
  return {
    isOpen: () => !session.closed && !session.destroyed,
    get: (path, headers, signal) =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ...headers, [constants.HTTP2_HEADER_PATH]: path }, { signal });
        const parts: Buffer[] = [];
        let size = 0;
        let status = 0;
        stream.on('response', (answered: IncomingHttpHeaders) => {
          status = Number(answered[constants.HTTP2_HEADER_STATUS]);
        });
        stream.on('data', (part: Buffer) => {
          size += part.length;
          if (size > LARGEST_ANSWER) stream.destroy(new Error('the answer is too long'));
          else parts.push(part);
        });
        stream.on('error', reject);
        stream.on('close', () => reject(new Error('the connection was closed')));
        stream.on('end', () => {
          if (status > 0) resolve({ status, body: Buffer.concat(parts).toString('utf8') });
        });
      }),
    ping: () =>
      new Promise((resolve, reject) => {
        const sent = session.ping((error) => (error === null ? resolve() : reject(error)));
        if (!sent) reject(new Error('the connection was closed'));
      }),
    close: () => {
      session.destroy();
      socket.destroy();
    },
  };
}

function overHttp1(socket: TLSSocket, authority: string): Spoken {
  let isTaken = false;
  const client = new Client(authority, {
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: LARGEST_ANSWER,
    // Not at once: the client is not ready for its connection before this has returned.
    connect: (_options, callback) =>
      queueMicrotask(() => {
        if (isTaken) return callback(new Error('the connection was closed'), null);
        isTaken = true;
        callback(null, socket);
      }),
  });
  return {
    isOpen: () => !socket.destroyed && socket.readyState === 'open',
    async get(path, headers, signal) {
      const { statusCode, body } = await client.request({ path, method: 'GET', headers, signal });
      return { status: statusCode, body: await body.text() };
    },
    close: () => {
      socket.destroy();
      client.destroy().catch(() => undefined);
    },
  };
}

/** Common name and alternative names. */
function namesOf({ subject, subjectaltname = '' }: PeerCertificate): readonly string[] {
  const common = [subject?.CN ?? []].flat();
  const others = subjectaltname.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  return [...new Set([...common, ...others])].filter((name) => name !== '');
}
