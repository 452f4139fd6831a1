import { connect, type TLSSocket } from 'node:tls';
import { accessOf } from '../support/kubeAccess';
import { until } from './driver/run';

/** A connection through the fixed address on which nothing is sent for a long time. */
export interface IdleStream {
  /** Local port: by it the proxy tells the connection from others. */
  readonly port: number;
  /** Why it has ended; undefined while it lives. */
  ended(): string | undefined;
  /** Milliseconds since something came last. */
  quietMs(): number;
  /** Resolves when the server's next line with this text has arrived: the stream still carries what it is there for. */
  hears(text: string): Promise<void>;
  /** Sends the rest of what the client has to say and resolves with the status line of the answer. */
  says(): Promise<string>;
  end(): void;
}

const PATIENCE_MS = 30_000;
const BODY = '{"metadata":{"labels":{"said":"late"}}}';

/** As `kubectl get -w` and `logs -f`: the client has asked, and waits for what the server will say. */
export function openWatch(kubeconfig: string, seconds: number): Promise<IdleStream> {
  return open(kubeconfig, `GET /api/v1/nodes?watch=1&timeoutSeconds=${seconds}`, [], '');
}

/** As `exec` in which nobody types: the server waits for what the client will send. */
export function openTyping(kubeconfig: string, node: string): Promise<IdleStream> {
  const head = [`Content-Type: application/merge-patch+json`, `Content-Length: ${BODY.length}`];
  return open(kubeconfig, `PATCH /api/v1/nodes/${node}`, head, BODY);
}

async function open(kubeconfig: string, ask: string, head: readonly string[], later: string): Promise<IdleStream> {
  const { server, ...tls } = accessOf(kubeconfig);
  const socket: TLSSocket = connect({ ...tls, host: server.hostname, port: Number(server.port), servername: '' });
  let heard = '';
  let why: string | undefined;
  let last = Date.now();
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
    last = Date.now();
  });
  socket.on('error', (error) => (why ??= error.message));
  socket.on('close', () => (why ??= 'closed by the other side'));
  const lives = <T>(what: string, found: () => T | undefined): Promise<T> =>
    until(what, PATIENCE_MS, () => {
      const value = found();
      if (value === undefined && why !== undefined) throw new Error(`${what}: the stream has ended, ${why}`);
      return value;
    });
  await lives('the connection is secure', () => (socket.getCipher() === undefined ? undefined : true));
  socket.write([`${ask} HTTP/1.1`, `Host: ${server.host}`, ...head, '', ''].join('\r\n'));
  if (later === '') await lives('the watch has begun', () => (heard.includes('"ADDED"') ? true : undefined));
  return {
    port: socket.localPort ?? 0,
    ended: () => why,
    quietMs: () => Date.now() - last,
    hears: async (text) => void (await lives(`"${text}" is heard`, () => heard.includes(text) || undefined)),
    says: async () => {
      socket.write(later);
      return lives('the answer', () => /^HTTP\/1\.1 (\d+ .*?)\r\n/.exec(heard)?.[1]);
    },
    end: () => void socket.destroy(),
  };
}
