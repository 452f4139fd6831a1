import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createServingCertificate, type KeyPair } from '../k3s/certificates';
import type { K3sCluster, ServerRun } from '../k3s/cluster';
import { datastoreHealthy } from '../k3s/controller';
import { databaseInfo } from '../k3s/etcdHttp';
import { TIMINGS } from '../k3s/timings';
import { isSilent } from '../machine/host';
import type { World } from '../world';
import { discovery, resourcePath } from './discovery';
import { kubeletHealth } from './kubeletProxy';
import { apiHealth, onlyStarting, supervisorReadiness, withoutApi, type HealthPath } from './readiness';
import { failure, json, ofK3s, text, type Reply } from './reply';
import { answerResource, type ApiRequest } from './resources';
import { watchNodes } from './watch';

/** The port of one running K3s server: supervisor and Kubernetes API behind TLS. */
export interface Api {
  /** Takes over a TCP connection. */
  serve(socket: Socket): void;
  /** Shows the serving certificate of the cluster's present names. */
  refreshCertificate(): Promise<void>;
  close(): void;
}

export async function createApi(world: World, server: ServerRun, version: string): Promise<Api> {
  const { cluster } = server;
  const { clientCa } = cluster.certificates;
  const serving = async (): Promise<{ key: string; cert: string }> => {
    shown = await sharedCertificate(cluster, world.clock.now());
    return { cert: shown.certificate, key: shown.key };
  };
  const tls = { ca: clientCa.certificate, requestCert: true, rejectUnauthorized: false };
  let shown: KeyPair | undefined;
  const https = createServer({ ...tls, ...(await serving()) }, (request, response) => {
    answer(world, server, version, request, response).catch((error: unknown) => {
      if (!world.signal.aborted) throw error;
    });
  });
  https.on('tlsClientError', (_, socket) => socket.destroy());
  return {
    serve: (socket) => {
      https.emit('connection', socket);
    },
    refreshCertificate: async () => {
      const before = shown;
      const now = await serving();
      if (shown !== before) https.setSecureContext({ ca: tls.ca, ...now });
    },
    close: () => {
      https.closeAllConnections();
    },
  };
}

function names(cluster: K3sCluster): string {
  return [...cluster.names].sort().join(' ');
}

/** All servers of a cluster show the same certificate: K3s keeps it in a secret, kube-system/k3s-serving. */
function sharedCertificate(cluster: K3sCluster, now: number): Promise<KeyPair> {
  const wanted = names(cluster);
  if (cluster.serving?.names !== wanted)
    cluster.serving = {
      names: wanted,
      pair: createServingCertificate(cluster.certificates, [...cluster.names].sort(), now),
    };
  return cluster.serving.pair;
}

async function answer(
  world: World,
  server: ServerRun,
  version: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'https://localhost');
  const request: ApiRequest = {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    table: /as=Table/.test(incoming.headers.accept ?? ''),
    body: await readBody(incoming),
  };
  // A host that hangs or is cut off keeps the connection and says nothing.
  if (isSilent(server.host)) return;
  const early =
    onlyStarting(server) ??
    supervisorReply(server, request, incoming) ??
    accessReply(server, incoming) ??
    healthReply(world, server, request, version);
  if (early !== undefined) {
    send(response, early);
    return;
  }
  if (!datastoreHealthy(world, server)) {
    await world.clock.sleep(TIMINGS.requestTimeout, world.signal);
    if (!datastoreHealthy(world, server)) {
      send(response, failure(500, 'etcdserver: request timed out'));
      return;
    }
  }
  const nodeName = /^\/api\/v1\/nodes\/([^/]+)\/proxy\/healthz$/.exec(request.path)?.[1];
  if (nodeName !== undefined) {
    send(response, await kubeletHealth(world, server, decodeURIComponent(nodeName)));
    return;
  }
  const watching = ['1', 'true'].includes(request.query.get('watch') ?? '');
  const at = resourcePath(request.path);
  if (watching && at?.resource === 'nodes') watchNodes(world, server, request, at.name, response);
  else send(response, answerResource(server.cluster, request, world.clock.now()));
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.code, { 'content-type': reply.type, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return '';
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Paths of K3s's own supervisor, which work before the Kubernetes API does. */
function supervisorReply(server: ServerRun, { path }: ApiRequest, incoming: IncomingMessage): Reply | undefined {
  const { cluster } = server;
  if (path === '/ping') return text('pong');
  if (path === '/cacerts') return text(cluster.certificates.serverCa.certificate);
  if (!path.startsWith('/v1-k3s/') && path !== '/db/info') return undefined;
  const [user, password] = basicAuth(incoming);
  const right =
    (user === 'server' && password === cluster.password) ||
    (user === 'node' && (password === cluster.agentPassword || password === cluster.password));
  if (!right && !isAdmin(incoming)) return user === '' ? ofK3s(403, 'forbidden') : ofK3s(401, 'not authorized');
  switch (path) {
    case '/db/info':
      if (user !== 'server') return ofK3s(403, 'forbidden');
      return cluster.etcdId === '' ? ofK3s(400, 'etcd disabled') : text(`${databaseInfo(cluster)}\n`);
    case '/v1-k3s/readyz':
      return supervisorReadiness(server);
    case '/v1-k3s/apiservers':
      return json(
        [...cluster.servers].filter(({ apiUp }) => apiUp).map(({ advertise, port }) => `${advertise}:${port}`),
      );
    case '/v1-k3s/server-bootstrap':
      return user === 'node'
        ? ofK3s(403, 'forbidden')
        : failure(404, 'the practice fleet does not hand out bootstrap data');
    default:
      return failure(404, `${path} is not simulated`);
  }
}

/** Nobody gets in before the API is up, and then only the administrator's client certificate. */
function accessReply(server: ServerRun, incoming: IncomingMessage): Reply | undefined {
  return withoutApi(server) ?? (isAdmin(incoming) ? undefined : failure(401, 'Unauthorized'));
}

function isAdmin(incoming: IncomingMessage): boolean {
  return (incoming.socket as TLSSocket).authorized;
}

function basicAuth(incoming: IncomingMessage): [string, string] {
  const encoded = /^Basic (.*)$/.exec(incoming.headers.authorization ?? '')?.[1];
  const decoded = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const at = decoded.indexOf(':');
  return at < 0 ? [decoded, ''] : [decoded.slice(0, at), decoded.slice(at + 1)];
}

/** Answers that need no datastore: health, version, discovery. */
function healthReply(world: World, server: ServerRun, { path, query }: ApiRequest, version: string): Reply | undefined {
  const kind = /^\/(readyz|livez|healthz)$/.exec(path)?.[1] as HealthPath | undefined;
  if (kind !== undefined) return apiHealth(world, server, kind, query.has('verbose'));
  if (path === '/version') {
    const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
    return json({
      major,
      minor,
      gitVersion: version,
      gitCommit: '866d743e56',
      gitTreeState: 'clean',
      buildDate: '2026-08-12T00:00:00Z',
      goVersion: 'go1.26.0',
      compiler: 'gc',
      platform: 'linux/amd64',
    });
  }
  return discovery(path, `${server.advertise}:${server.port}`);
}
