import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Authority } from './certificates';

export interface ApiNode {
  readonly metadata: { readonly name: string; resourceVersion?: string };
}

/** An API server with nodes, and objects that are applied: real TLS, client certificates, pages, watch with bookmarks, 410 for old versions. */
export interface ApiDouble {
  readonly port: number;
  /** kubeconfig of an admin, for `https://<host>:<port>`. */
  kubeconfig(host?: string, extra?: Record<string, unknown>): string;
  /** Every request answers this instead, until undefined; `hang` never answers. */
  answer: { readonly status: number; readonly body: string } | 'hang' | undefined;
  readonly requests: string[];
  /** Objects by their path, as they were applied or put there. */
  readonly objects: Map<string, unknown>;
  lastHeaders: IncomingMessage['headers'];
  put(node: ApiNode): void;
  remove(name: string): void;
  /** Nodes change while nobody is told, and versions from before can no longer be watched. */
  compact(): void;
  /** Ends all watches: `gracefully` as their time-out does, or by cutting the connections. */
  endWatches(how: 'gracefully' | 'cut'): void;
  sendWatchEvent(event: unknown): void;
  readonly watchers: number;
  readonly connections: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface DoubleOptions {
  readonly serverCa: Authority;
  readonly clientCa: Authority;
  readonly names?: readonly string[];
  readonly validDays?: number;
  readonly nodes?: readonly ApiNode[];
  readonly gitVersion?: string;
}

export async function startApiDouble(options: DoubleOptions): Promise<ApiDouble> {
  const { serverCa, clientCa } = options;
  const pair = await serverCa.server(options.names ?? ['127.0.0.1', 'localhost', 'kubernetes'], options.validDays);
  const admin = await clientCa.client('CN=system:admin,O=system:masters');
  const nodes = new Map<string, ApiNode>();
  const watches = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let version = 100;
  let oldest = 0;
  const stamped = (node: ApiNode): ApiNode => ({
    ...node,
    metadata: { ...node.metadata, resourceVersion: String(++version) },
  });
  for (const node of options.nodes ?? []) nodes.set(node.metadata.name, stamped(node));

  const status = (response: ServerResponse, code: number, message: string): void => {
    response
      .writeHead(code, { 'content-type': 'application/json' })
      .end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }));
  };
  const send = (event: unknown): void => watches.forEach((response) => response.write(`${JSON.stringify(event)}\n`));

  /** Server-side apply: it needs a manager of fields and its own content type, and the whole body. */
  const apply = (url: URL, request: IncomingMessage, response: ServerResponse): void => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      if (request.headers['content-type'] !== 'application/apply-patch+yaml')
        return status(response, 415, 'not an apply');
      if (!url.searchParams.has('fieldManager'))
        return status(response, 400, 'fieldManager is required for apply patch');
      response.writeHead(double.objects.has(url.pathname) ? 200 : 201);
      double.objects.set(url.pathname, JSON.parse(text));
      response.end(text);
    });
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'https://double');
    double.requests.push(`${url.pathname}${url.search}`);
    double.lastHeaders = request.headers;
    if (double.answer === 'hang') return;
    if (double.answer !== undefined) {
      response.writeHead(double.answer.status).end(double.answer.body);
      return;
    }
    if (!(request.socket as TLSSocket).authorized) return status(response, 401, 'not authorized');
    if (url.pathname === '/readyz') return void response.end('ok');
    if (url.pathname === '/version')
      return void response.end(JSON.stringify({ gitVersion: options.gitVersion ?? 'v1.36.3+k3s1' }));
    if (request.method === 'PATCH') return apply(url, request, response);
    if (double.objects.has(url.pathname)) return void response.end(JSON.stringify(double.objects.get(url.pathname)));
    if (url.pathname !== '/api/v1/nodes')
      return status(response, 404, 'the server could not find the requested resource');
    if (url.searchParams.get('watch') === 'true') return watch(url, response);
    const limit = Number(url.searchParams.get('limit') ?? Infinity);
    const [from, at] = (url.searchParams.get('continue') ?? `0@${version}`).split('@').map(Number);
    if ((at ?? 0) < oldest) return status(response, 410, 'The provided continue parameter is too old');
    const end = (from ?? 0) + limit;
    const items = [...nodes.values()].slice(from, end);
    response.end(
      JSON.stringify({
        kind: 'NodeList',
        metadata: { resourceVersion: String(version), ...(end < nodes.size ? { continue: `${end}@${version}` } : {}) },
        items,
      }),
    );
  };

  const watch = (url: URL, response: ServerResponse): void => {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    if (from < oldest) {
      response.end(
        `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, message: `too old resource version: ${from}` } })}\n`,
      );
      return;
    }
    response.flushHeaders();
    watches.add(response);
    response.once('close', () => watches.delete(response));
    for (const node of nodes.values())
      if (Number(node.metadata.resourceVersion) > from)
        response.write(`${JSON.stringify({ type: 'MODIFIED', object: node })}\n`);
  };

  const server = createServer({ ...pair, ca: clientCa.cert, requestCert: true, rejectUnauthorized: false }, handle);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  let port = 0;
  const double: ApiDouble = {
    get port() {
      return port;
    },
    answer: undefined,
    requests: [],
    objects: new Map(),
    lastHeaders: {},
    kubeconfig(host = '127.0.0.1', extra = {}) {
      const data = (pem: string): string => Buffer.from(pem).toString('base64');
      return JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          {
            name: 'edge',
            cluster: { server: `https://${host}:${port}`, 'certificate-authority-data': data(serverCa.cert), ...extra },
          },
        ],
        contexts: [{ name: 'edge', context: { cluster: 'edge', user: 'edge' } }],
        users: [
          { name: 'edge', user: { 'client-certificate-data': data(admin.cert), 'client-key-data': data(admin.key) } },
        ],
        'current-context': 'edge',
      });
    },
    put(node) {
      const type = nodes.has(node.metadata.name) ? 'MODIFIED' : 'ADDED';
      const object = stamped(node);
      nodes.set(node.metadata.name, object);
      send({ type, object });
    },
    remove(name) {
      const object = nodes.get(name);
      nodes.delete(name);
      if (object !== undefined) send({ type: 'DELETED', object: stamped(object) });
    },
    compact() {
      oldest = version += 10;
    },
    endWatches(how) {
      for (const response of watches) {
        if (how === 'gracefully') response.end();
        else response.socket?.destroy();
      }
      watches.clear();
    },
    sendWatchEvent: send,
    get watchers() {
      return watches.size;
    },
    get connections() {
      return sockets.size;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
    async start() {
      await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
      port = (server.address() as AddressInfo).port;
    },
  };
  await double.start();
  return double;
}
