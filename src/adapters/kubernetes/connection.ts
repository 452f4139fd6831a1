import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { checkServerIdentity, connect as tlsConnect } from 'node:tls';
import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { buildConnector, Dispatcher } from 'undici';
import { Agent, request } from 'undici';
import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { ok } from '../../core/base/result';
import type { ApiEndpoint } from '../../engine/ports';
import { readLines, readText } from './answerLimits';
import { loadAccess } from './loadAccess';

/** The way to one API server, with connections of its own; {@link close} ends them all. */
export interface Connection {
  /** `https://host:port` of the kubeconfig, for messages. */
  readonly server: string;
  /** The name or address that the certificate has to list. */
  readonly identity: string;
  get(path: string, signal: AbortSignal): Promise<Answer>;
  /** Server-side apply of an object as this product. */
  apply(path: string, object: object, signal: AbortSignal): Promise<Answer>;
  /**
   * Hands over the lines of a long answer as they come and returns when it ends; another status than 200 is returned with
   * its body. Throws when nothing arrives for `idleMs` ({@link isIdle}), and for an answer without end.
   */
  stream(path: string, idleMs: number, onLine: (line: string) => void): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** True for the error of {@link Connection.stream} that means silence, not failure. */
export function isIdle(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_BODY_TIMEOUT';
}

/** Time for TCP and TLS together, or for the tunnel and TLS. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Who has written a field. */
const FIELD_MANAGER = 'k3s-ha';
const KEEP_ALIVE_MS = 30_000;

/**
 * Connects at the first request only; a credential program of the person's own kubeconfig runs right away. TLS options
 * and credentials come from the kubeconfig through client-node. Sockets and requests are made here, because client-node
 * can neither use a given stream (an SSH tunnel) nor abort a connection attempt, and its `fetch` refuses ports that
 * browsers block (6666, 10080 …).
 * Without `keeps` each request has a connection of its own, at the same time as others.
 * Proxies of the environment or the editor are not used; a `proxy-url` in the kubeconfig is.
 */
export async function openConnection(
  endpoint: ApiEndpoint,
  { keeps = true }: { readonly keeps?: boolean } = {},
): Promise<Result<Connection, Problem>> {
  const loaded = await loadAccess(endpoint);
  if (!loaded.ok) return loaded;
  const { config, server, tls, headers, proxied } = loaded.value;
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const identity = config.getCurrentCluster()?.tlsServerName ?? host;

  const sockets = new Set<{ destroy(): unknown }>();
  const dial: buildConnector.connector = (_options, callback) => {
    dialTls({ ...tls, host, port: Number(server.port || 443) }, identity, endpoint.connect, sockets).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
  const agent =
    proxied && endpoint.connect === undefined
      ? await proxyDispatcher(config)
      : new Agent(keeps ? { connect: dial, connections: 1 } : { connect: dial, pipelining: 0 });
  const base = server.href.replace(/\/$/, '');

  return ok({
    server: server.origin,
    identity,
    async get(path, signal) {
      const { statusCode, body } = await request(`${base}${path}`, { headers, dispatcher: agent, signal });
      return { status: statusCode, body: await readText(body, server.origin) };
    },
    async apply(path, object, signal) {
      const { statusCode, body } = await request(`${base}${path}?fieldManager=${FIELD_MANAGER}`, {
        method: 'PATCH',
        headers: { ...headers, 'content-type': 'application/apply-patch+yaml' },
        body: JSON.stringify(object),
        dispatcher: agent,
        signal,
      });
      return { status: statusCode, body: await readText(body, server.origin) };
    },
    async stream(path, idleMs, onLine) {
      const { statusCode, body } = await request(`${base}${path}`, {
        headers,
        dispatcher: agent,
        headersTimeout: CONNECT_TIMEOUT_MS,
        bodyTimeout: idleMs,
      });
      if (statusCode !== 200) return { status: statusCode, body: await readText(body, server.origin) };
      await readLines(body, server.origin, onLine);
      return { status: statusCode, body: '' };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await agent.destroy();
    },
  });
}

async function proxyDispatcher(config: KubeConfig): Promise<Dispatcher> {
  const context = new RequestContext(config.getCurrentCluster()?.server ?? '', HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  return context.getDispatcher() ?? new Agent();
}

async function dialTls(
  options: ConnectionOptions,
  identity: string,
  tunnel: ApiEndpoint['connect'],
  sockets: Set<{ destroy(): unknown }>,
): Promise<TLSSocket> {
  const stream = await openTunnel(tunnel);
  if (stream !== undefined) track(stream, sockets);
  const socket = tlsConnect({
    ...options,
    ...(stream === undefined ? {} : { socket: stream }),
    // SNI carries names only; the check below also accepts an address as tls-server-name.
    servername: isIP(identity) === 0 ? identity : '',
    checkServerIdentity: (_host, certificate) => checkServerIdentity(identity, certificate),
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
  track(socket, sockets);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error('connecting took too long'), { code: 'ETIMEDOUT' })),
      CONNECT_TIMEOUT_MS,
    );
    socket.once('close', () => {
      clearTimeout(timer);
      reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
    });
    // Stays for the whole life: an error after the abort must not become an unhandled one.
    socket.on('error', (error) => {
      clearTimeout(timer);
      stream?.destroy();
      reject(error);
    });
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      if (stream === undefined) socket.setKeepAlive(true, KEEP_ALIVE_MS);
      resolve(socket);
    });
  });
}

function track(stream: Duplex, sockets: Set<{ destroy(): unknown }>): void {
  sockets.add(stream);
  stream.once('close', () => sockets.delete(stream));
}

async function openTunnel(tunnel: ApiEndpoint['connect']): Promise<Duplex | undefined> {
  const opened = await tunnel?.();
  if (opened === undefined) return undefined;
  if (!opened.ok) throw Object.assign(new Error(opened.error.message), { problem: opened.error });
  // By the contract of ByteStream a Node Duplex.
  return opened.value as unknown as Duplex;
}
