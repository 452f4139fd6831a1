import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseDocument } from '../../src/core/document/parse';
import type { Cluster } from '../../src/core/cluster/cluster';
import { normalise } from '../../src/core/cluster/normalise';
import { zonePairs } from '../../src/core/topology/partition';
import { survives } from '../../src/core/topology/survival';
import { subsets } from '../support/subsets';
import { etcdServer, eventually, startLab, type Lab } from './lab';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const TOKEN = 'token: practice-secret';

/** What decides about the answers: examples with the same shape are played once. */
interface Shape {
  readonly servers: number;
  readonly zones: readonly (string | undefined)[];
  /** Endpoints that the fleet plays; undefined for embedded etcd. */
  readonly endpoints?: readonly string[];
  readonly kind: 'embedded-etcd' | 'mysql' | 'etcd';
}

function shapeOf({ servers, datastore }: Cluster): Shape | undefined {
  const zones = servers.map(({ zone }) => zone);
  if (datastore.type === 'embedded-etcd') return { servers: servers.length, zones, kind: 'embedded-etcd' };
  if (datastore.type === 'mysql')
    return { servers: servers.length, zones, kind: 'mysql', endpoints: ['10.9.9.9:3306'] };
  if (datastore.type === 'etcd')
    return {
      servers: servers.length,
      zones,
      kind: 'etcd',
      endpoints: (datastore.endpoint ?? '').split(',').map((_endpoint, i) => `10.9.9.${i + 1}:2379`),
    };
  return undefined;
}

const shapes = new Map<string, { readonly shape: Shape; readonly examples: string[] }>();
for (const file of globSync('**/cluster.k3s.yaml', { cwd: EXAMPLES }).sort()) {
  const shape = shapeOf(normalise(parseDocument(readFileSync(join(EXAMPLES, file), 'utf8')).data));
  if (shape === undefined) continue;
  const key = JSON.stringify(shape);
  const known = shapes.get(key) ?? { shape, examples: [] };
  known.examples.push(file.replace('/cluster.k3s.yaml', ''));
  shapes.set(key, known);
}

let lab: Lab;
afterEach(() => lab.stop());

/** The cluster that is played, as its file would say. */
function described(shape: Shape): Cluster {
  const zone = (i: number): string => (shape.zones[i] === undefined ? '' : `, zone: ${String(shape.zones[i])}`);
  const datastore =
    shape.kind === 'embedded-etcd'
      ? '{type: embedded-etcd}'
      : `{type: ${shape.kind}, endpoint: "${endpointOf(shape)}"}`;
  const nodes = Array.from(
    { length: shape.servers },
    (_none, i) => `    - {host: ${lab.address(`server-${i + 1}`)}, name: server-${i + 1}${zone(i)}}\n`,
  ).join('');
  return normalise(
    parseDocument(
      `loadBalancer: {address: ${lab.address('load-balancer')}}\ndatastore: ${datastore}\nservers:\n  config: {tls-san: [${lab.address('load-balancer')}]}\n  nodes:\n${nodes}`,
    ).data,
  );
}

function endpointOf({ kind, endpoints = [] }: Shape): string {
  return kind === 'mysql'
    ? `mysql://k3s:password@tcp(${endpoints[0] ?? ''})/k3s`
    : endpoints.map((address) => `http://${address}`).join(',');
}

/** Asks as kubectl does: at the load balancer's address, with the administrator's certificate, and the server's must be right. */
async function client(): Promise<() => Promise<boolean>> {
  const balancer = lab.address('load-balancer');
  const config = parse(await readFile(await lab.kubeconfig('server-1', balancer), 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const data = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString();
  const ca = data(config.clusters[0]?.cluster['certificate-authority-data']);
  const { 'client-certificate-data': cert, 'client-key-data': key } = config.users[0]?.user ?? {};
  return () =>
    new Promise((resolve) => {
      const call = request(
        {
          host: balancer,
          port: 6443,
          path: '/readyz',
          ca,
          cert: data(cert),
          key: data(key),
          agent: false,
          timeout: 1_000,
        },
        (response) => {
          response.resume();
          resolve(response.statusCode === 200);
        },
      );
      call.on('timeout', () => call.destroy());
      call.on('error', () => resolve(false));
      call.end();
    });
}

/** Which sets are played: all servers and the datastore in every combination, networks alone and with one server. */
function failures(cluster: Cluster, shape: Shape): string[][] {
  const servers = cluster.servers.map(({ id }) => `server:${id}`);
  const datastore = (shape.endpoints ?? []).map((_endpoint, i) => `datastore:${i}`);
  const networks = zonePairs(cluster).map(({ id }) => id);
  const machines =
    datastore.length > 1
      ? [...subsets(servers), ...subsets(datastore), ...servers.map((server) => [server, datastore[0] ?? ''])]
      : subsets([...servers, ...datastore]);
  return [
    ...machines,
    ['load-balancer'],
    ...networks.flatMap((network) => [[network], ...servers.map((server) => [network, server])]),
  ];
}

async function apply(cluster: Cluster, shape: Shape, failed: readonly string[]): Promise<void> {
  lab.fleet.heal();
  for (const part of failed) {
    const [kind, name = ''] = [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)];
    if (part === 'load-balancer')
      lab.fleet.partition(
        'load-balancer',
        cluster.servers.map(({ id }) => id),
      );
    else if (kind === 'server') await lab.fleet.powerOff(name);
    else if (kind === 'datastore') lab.fleet.databaseDown(shape.endpoints?.[Number(name)] ?? '', true);
    else {
      const zones = zonePairs(cluster).find(({ id }) => id === part)?.zones ?? ['', ''];
      const [a, b] = zones.map((zone) => cluster.servers.filter((server) => server.zone === zone).map(({ id }) => id));
      lab.fleet.partition(a ?? [], b ?? []);
    }
  }
}

async function recover(cluster: Cluster, shape: Shape, failed: readonly string[]): Promise<void> {
  lab.fleet.heal();
  for (const endpoint of shape.endpoints ?? []) lab.fleet.databaseDown(endpoint, false);
  for (const { id } of cluster.servers) if (failed.includes(`server:${id}`)) await lab.fleet.powerOn(id);
  for (const { id } of cluster.servers)
    await eventually(
      async () => (await lab.status(id)).active === 'active',
      () => `${id} does not come back:\n${lab.fleet.inspect(id).journal('k3s').slice(-8).join('\n')}`,
    );
}

describe('what the file says and what the simulated hosts do', () => {
  it.each(
    [...shapes.values()].map(
      ({ shape, examples }) =>
        [`${shape.servers} servers, ${shape.kind}, as in ${examples.join(', ')}`, shape] as const,
    ),
  )('%s', { timeout: 300_000 }, async (_title, shape) => {
    lab = await startLab({ servers: shape.servers });
    const config = [`tls-san: [${lab.address('load-balancer')}]`];
    const external = [TOKEN, `datastore-endpoint: ${endpointOf(shape)}`, ...config];
    await lab.bring('server-1', 'server', shape.kind === 'embedded-etcd' ? etcdServer(undefined, ...config) : external);
    for (let i = 2; i <= shape.servers; i += 1)
      await lab.bring(
        `server-${i}`,
        'server',
        shape.kind === 'embedded-etcd' ? etcdServer(lab.address('server-1'), ...config) : external,
      );
    const cluster = described(shape);
    const answers = await client();
    await eventually(answers, () => 'the API does not answer at the load balancer');
    for (const failed of failures(cluster, shape)) {
      const said = survives(cluster, failed).api;
      await apply(cluster, shape, failed);
      // The load balancer needs a moment to notice; then the answer has to stay.
      await eventually(
        async () => (await answers()) === (said.outcome !== 'no'),
        () =>
          `without ${failed.join(' and ') || 'nothing'}: the file says "${said.outcome}: ${said.reason}", the API says ${said.outcome === 'no' ? 'that it is there' : 'nothing'}`,
      );
      if (said.outcome !== 'partly')
        for (let again = 0; again < 3; again += 1) expect(await answers(), failed.join()).toBe(said.outcome !== 'no');
      await recover(cluster, shape, failed);
      await eventually(answers, () => `the API does not come back after ${failed.join()}`);
    }
  });
});
