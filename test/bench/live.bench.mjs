import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createServer } from 'node:net';
import { fromSource } from './source.mjs';

export const name = 'liveness';

/** Seconds until a dead machine is told. */
const TARGET = 3;

/** So many agents die, one after another. */
const AGENTS_THAT_DIE = 10;

/** How long the bytes of a cluster that is well are counted. */
const WELL_MS = 10_000;

/** Machines are servers of TLS on loopback addresses: what is measured is asking and judging, without a network. */
export async function run() {
  const code = await fromSource(
    'live',
    `
    export { createClusterApi } from './src/adapters/kubernetes/api';
    export { systemClock } from './src/adapters/system/clock';
    export { normalise } from './src/core/cluster/normalise';
    export { nodeHealth } from './src/core/health/nodeHealth';
    export { watchMachines } from './src/engine/liveness/watchMachines';
    export { createClusterCertificates, createServingCertificate } from './src/practice/k3s/certificates';`,
  );
  const rows = [];
  for (const agents of [0, 97]) rows.push(...(await measure(code, 3, agents, true)));
  const before = (await measure(code, 3, 97, false)).at(-1);
  rows.push({ ...before, what: `${before.what}, HTTP/1.1` });
  return rows;
}

async function measure(code, servers, agents, allowHTTP2) {
  const certificates = await code.createClusterCertificates(Date.now());
  const address = (i) => `127.99.${Math.floor(i / 200)}.${1 + (i % 200)}`;
  const serving = await code.createServingCertificate(certificates, ['kubernetes', 'node'], Date.now());
  const nameOf = (i) => (i < servers ? `server-${i + 1}` : `agent-${i + 1 - servers}`);
  const byName = new Map();
  const machines = await Promise.all(
    Array.from({ length: servers + agents }, (_, i) => machine(address(i), i < servers, serving, allowHTTP2, byName)),
  );
  machines.forEach((one, i) => byName.set(nameOf(i), one));
  const nodes = machines.map((_, i) => code.nodeHealth(nodeObject(nameOf(i), address(i)), Date.now()));
  const host = (i) => ({ host: address(i), name: nameOf(i) });
  const cluster = code.normalise({
    metadata: { name: 'bench' },
    datastore: { type: 'embedded-etcd' },
    servers: { nodes: machines.slice(0, servers).map((_, i) => host(i)) },
    ...(agents > 0 ? { agents: { nodes: machines.slice(servers).map((_, i) => host(servers + i)) } } : {}),
  });
  const base64 = (text) => Buffer.from(text).toString('base64');
  const { serverCa, admin } = certificates;
  const kubeconfig = JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [
      {
        name: 'c',
        cluster: { server: `https://${address(0)}:6443`, 'certificate-authority-data': base64(serverCa.certificate) },
      },
    ],
    users: [
      {
        name: 'u',
        user: { 'client-certificate-data': base64(admin.certificate), 'client-key-data': base64(admin.key) },
      },
    ],
  });
  const log = { info() {}, debug() {} };
  const doors = await code.createClusterApi({ log }).openDoors({ kubeconfig, trust: 'data' });
  if (!doors.ok) throw new Error(doors.error.message);
  const ending = new AbortController();
  const changes = [];
  const watching = code.watchMachines(
    cluster,
    { doors: doors.value, clock: code.systemClock, log, nodes: () => nodes },
    (liveness) => changes.push({ at: Date.now(), liveness }),
    ending.signal,
  );
  const state = (id) => changes.at(-1)?.liveness.machines.get(id)?.state;
  const until = async (holds) => {
    while (!holds()) await code.systemClock.sleep(5);
  };
  await until(() => changes.at(-1)?.liveness.machines.size === machines.length);
  await code.systemClock.sleep(2000);
  const sum = (of) => machines.reduce((all, one) => all + of(one), 0);
  const before = sum((one) => one.bytes());
  await code.systemClock.sleep(WELL_MS);
  const bytes = (sum((one) => one.bytes()) - before) / (WELL_MS / 1000);
  const connections = sum((one) => one.connections());
  const alarms = changes.some(({ liveness }) => [...liveness.machines.values()].some((one) => one.state === 'down'));

  const times = {};
  const dies = async (kind, id, at) => {
    const began = Date.now();
    machines[at][kind]();
    await until(() => state(id) === 'down');
    return (Date.now() - began) / 1000;
  };
  times.silent = await dies('silent', 'server-2', 1);
  times.refused = await dies('refused', agents > 0 ? 'agent-1' : 'server-3', agents > 0 ? servers : 2);
  if (agents > 0) {
    const each = [];
    // Spread over all of them, because they are asked in turn.
    for (let i = 1; i < agents; i += Math.ceil(agents / AGENTS_THAT_DIE))
      each.push(await dies('silent', nameOf(servers + i), servers + i));
    times.agent = Math.max(...each);
    times.agents = each.length;
  }
  ending.abort();
  await watching;
  await doors.value.close();
  await Promise.all(machines.map((one) => one.close()));
  const what = `${servers + agents} nodes`;
  const target = (seconds) => `target ${TARGET} ${seconds <= TARGET ? 'met' : 'missed'}`;
  return [
    { what: `${what}: plug pulled until red`, value: times.silent.toFixed(1), unit: 's', note: target(times.silent) },
    ...(times.agent === undefined
      ? []
      : [
          {
            what: `${what}: an agent's plug until red, longest of ${times.agents}`,
            value: times.agent.toFixed(1),
            unit: 's',
            note: target(times.agent),
          },
        ]),
    { what: `${what}: K3s stopped until red`, value: times.refused.toFixed(1), unit: 's', note: target(times.refused) },
    {
      what: `${what}: bytes a second of TLS, both ways`,
      value: bytes.toFixed(0),
      unit: 'B/s',
      note: `${(bytes / (servers + agents)).toFixed(0)} a node, ${connections} connections${alarms ? ', FALSE ALARMS' : ''}`,
    },
  ];
}

/** What the API knows of a machine. */
function nodeObject(name, address) {
  return {
    metadata: { name, labels: {} },
    status: {
      addresses: [{ type: 'InternalIP', address }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

/** As long as what an API server adds to each answer. */
const OF_THE_API = {
  'cache-control': 'no-cache, private',
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'x-kubernetes-pf-flowschema-uid': '6f1b9f1e-43d4-4d2a-9a3e-0f3a0c8be8a1',
  'x-kubernetes-pf-prioritylevel-uid': '0b3f1c52-1a0c-4f0e-8f44-7f0b6f1d2c3e',
};

/** A machine that answers as K3s does, as far as it is asked here. */
async function machine(address, isServer, { certificate, key }, allowHTTP2, byName) {
  let silent = false;
  let ended = false;
  const open = allowHTTP2 ? createSecureServer : createHttps;
  const https = open({ cert: certificate, key }, (request, response) => {
    if (silent) return;
    const [, node] = /^\/api\/v1\/nodes\/([^/]+)\/proxy/.exec(request.url) ?? [];
    // A kubelet that is gone keeps its API server waiting.
    if (node !== undefined && byName.get(node)?.lives() !== true) return;
    if (!isServer) response.statusCode = 401;
    const body = isServer ? (request.url === '/ping' ? 'pong' : request.url === '/api' ? '{}' : 'ok') : 'Unauthorized';
    if (isServer && request.url !== '/ping')
      for (const [name, value] of Object.entries({ 'audit-id': randomUUID(), ...OF_THE_API }))
        response.setHeader(name, value);
    response.setHeader('content-length', body.length);
    response.end(body);
  });
  // As the kubelet has it.
  https.keepAliveTimeout = 90_000;
  const sockets = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    if (!silent) https.emit('connection', socket);
  });
  server.listen(isServer ? 6443 : 10250, address);
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    connections: () => sockets.length,
    lives: () => !silent && !ended,
    /** As they are on the wire, encrypted. */
    bytes: () => sockets.reduce((sum, socket) => sum + socket.bytesRead + (socket._bytesDispatched ?? 0), 0),
    silent() {
      silent = true;
      // Nothing is read any more, so that a PING is not answered either.
      for (const socket of sockets) socket._handle?.readStop();
    },
    refused() {
      ended = true;
      server.close();
      cut();
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
