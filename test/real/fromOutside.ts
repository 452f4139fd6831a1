import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { count, listed } from '../../src/core/base/words';
import type { ClusterNode } from '../../src/core/cluster/cluster';
import { apiPort, dataDir, optionIsOn } from '../../src/core/cluster/options';
import {
  apiServers,
  balancerMachines,
  etcdMembers as etcdServers,
  nodesOf,
  unitOf,
} from '../../src/core/cluster/roles';
import { etcdMembers } from '../../src/core/remote/etcd';
import { target } from '../../src/engine/hosts/targets';
import { startClient, type Client, type ClientReport } from '../support/steadyClient';
import type { SeenNode } from './api';
import { check, told, type Check } from './check';
import { look, slowChecks } from './look';
import type { RealCluster } from './realCluster';

/** A node that has just come up may need so long until the API shows it as it is. */
const SETTLE_MS = 60_000;
const ASK_EVERY_MS = 1_000;

/** All nodes of the file are Ready by the API behind the fixed address, with the version that is wanted. */
export async function nodesAreReady(real: RealCluster): Promise<Check> {
  const api = await real.api();
  const nodes = nodesOf(real.cluster).filter((node) => !optionIsOn(real.cluster, node, 'disable-agent'));
  const names = await Promise.all(nodes.map((node) => nameOf(real, node)));
  const { version } = real.cluster.k3s;
  const asWanted = ({ ready, version: has }: SeenNode): boolean => ready && (version ?? has) === has;
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const seen = new Map((await api.nodes()).map((node) => [node.name, node]));
    const wrong = names.filter(
      (name) => !asWanted(seen.get(name) ?? { name, ready: false, version: '', cordoned: false }),
    );
    if (wrong.length === 0 || Date.now() > deadline || real.signal.aborted) {
      const versions = [...new Set(names.map((name) => seen.get(name)?.version ?? 'none'))];
      return check(
        'nodes Ready with their version',
        wrong.length === 0,
        wrong.length === 0
          ? `${count(names.length, 'node')}, ${listed(versions)}`
          : wrong.map((name) => describe(name, seen.get(name))).join('; '),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

function describe(name: string, seen: SeenNode | undefined): string {
  return seen === undefined ? `${name} is no node` : `${name} is ${seen.ready ? '' : 'not '}Ready with ${seen.version}`;
}

async function nameOf(real: RealCluster, node: ClusterNode): Promise<string> {
  return node.name ?? (await real.on(node, look(unitOf(node)))).hostname;
}

/** etcd has as many voters as the file has members, and no learner. */
export async function etcdIsComplete(real: RealCluster): Promise<readonly Check[]> {
  const wanted = etcdServers(real.cluster);
  const [first] = wanted;
  if (first === undefined) return [];
  const { members } = await real.on(first, etcdMembers(dataDir(real.cluster, first)));
  const learners = members.filter(({ learner }) => learner).length;
  return [
    check(
      'members of etcd',
      members.length === wanted.length && learners === 0,
      `${count(members.length, 'member')} of ${wanted.length}${learners === 0 ? '' : `, ${count(learners, 'learner')}`}`,
    ),
  ];
}

/** The certificate that answers at the fixed address covers it, and so does that of every server behind it. */
export async function certificatesCoverAddress(real: RealCluster): Promise<Check> {
  const { access } = await real.api();
  const { hostname } = access.server;
  const address = hostname.replace(/^\[|\]$/g, '');
  const atAddress = connect({ ...tlsOf(access), host: address, port: Number(access.server.port) });
  const found = [{ at: 'the address', why: await whyNotCovered(atAddress, address) }];
  for (const server of apiServers(real.cluster)) {
    const port = apiPort(real.cluster, server);
    const tunnel = await real.hosts.openTunnel(target(server), '127.0.0.1', port, real.signal);
    if (!tunnel.ok) throw new Error(`${server.id}: ${tunnel.error.message}`);
    const socket = connect({ ...tlsOf(access), socket: tunnel.value as Duplex });
    found.push({ at: server.id, why: await whyNotCovered(socket, address) });
  }
  const wrong = found.filter(({ why }) => why !== undefined);
  return check(
    `certificates cover ${address}`,
    wrong.length === 0,
    wrong.length === 0
      ? `at the address and on ${count(found.length - 1, 'server')}`
      : wrong.map(({ at, why }) => `${at}: ${why}`).join('; '),
  );
}

/** The authority is checked, the name by ourselves: an address that is not covered is told with the names that are. */
function tlsOf({ ca }: { readonly ca: Buffer }): { ca: Buffer; checkServerIdentity: () => undefined } {
  return { ca, checkServerIdentity: () => undefined };
}

function whyNotCovered(socket: TLSSocket, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (why: string | undefined): void => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(10_000, () => end('no answer'));
    socket.once('error', (error) => end(error.message));
    socket.once('secureConnect', () => {
      const certificate: PeerCertificate = socket.getPeerCertificate();
      end(checkServerIdentity(address, certificate)?.message);
    });
  });
}

/** systemd's id of the run of K3s on every node, by its id: another one is another run. */
export async function invocations(real: RealCluster): Promise<ReadonlyMap<string, string>> {
  const looks = nodesOf(real.cluster).map(
    async (node) => [node.id, (await real.on(node, look(unitOf(node)))).invocation] as const,
  );
  return new Map(await Promise.all(looks));
}

/** Which nodes run K3s as another process than before. */
export function restartedSince(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...after].filter(([id, invocation]) => before.get(id) !== invocation).map(([id]) => id);
}

/** What a client met, and what its load balancer met meanwhile. */
interface Met<T> {
  readonly value: T;
  readonly client: ClientReport;
  /** Servers that HAProxy gave up because they were too slow for its checks, one after another. */
  readonly tooSlow: number;
}

/** Asks through the fixed address every 100 ms while something happens, and until answers are steady again. */
export async function meanwhile<T>(real: RealCluster, work: (client: Client) => Promise<T>): Promise<Met<T>> {
  const slowBefore = await givenUp(real);
  const client = startClient((await real.api()).kubeconfig);
  try {
    const value = await work(client);
    await client.steady(30);
    return { value, client: await client.stop(), tooSlow: (await givenUp(real)) - slowBefore };
  } catch (error) {
    await client.stop();
    throw error;
  }
}

async function givenUp(real: RealCluster): Promise<number> {
  if (real.cluster.loadBalancer?.type !== 'haproxy') return 0;
  const counts = await Promise.all(balancerMachines(real.cluster).map((machine) => real.on(machine, slowChecks())));
  return counts.reduce((sum, one) => sum + one, 0);
}

/** Whether K3s HA installs what carries the fixed address, and so has to keep requests from failing. */
export function balancerIsOurs(real: RealCluster): boolean {
  const type = real.cluster.loadBalancer?.type;
  return type === 'haproxy' || type === 'nginx';
}

/**
 * No request may fail while one server after another is restarted, where the load balancer is ours. On machines that are so busy that
 * servers do not answer HAProxy within its two seconds, requests fail for that, and say nothing about the order of the restarts.
 */
export function clientLostNothing(
  real: RealCluster,
  { client, tooSlow }: Pick<Met<unknown>, 'client' | 'tooSlow'>,
): Check {
  const what = 'client that asks every 100 ms';
  const found = clientSaw(client);
  if (!balancerIsOurs(real)) return told(what, found);
  if (client.failed.length === 0 || tooSlow === 0) return check(what, client.failed.length === 0, found);
  return told(what, `${found}; no verdict: ${count(tooSlow, 'time')} a server was too slow for the checks of HAProxy`);
}

export function clientSaw({ requests, failed, longestGapMs, slowestMs }: ClientReport): string {
  const first = failed[0] === undefined ? '' : ` (the first after ${failed[0]})`;
  return `${failed.length} of ${requests} failed${first}, longest gap ${(longestGapMs / 1000).toFixed(2)} s, slowest answer ${(slowestMs / 1000).toFixed(2)} s`;
}
