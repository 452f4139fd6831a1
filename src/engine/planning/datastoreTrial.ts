import { say } from '../../core/base/say';
import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Cluster, ClusterNode, DatastoreUpload } from '../../core/cluster/cluster';
import type { ClusterContext, TlsTexts } from '../../core/datastore/trial/trial';
import { datastoreOfType } from '../../core/datastore/registry';
import { SIMULATED } from '../../core/facts/hostFacts';
import type { MachineId } from '../../core/plan/step';
import { readFile } from '../../core/remote/file';
import { mapLimit, target } from '../hosts/targets';
import type { NodeContent } from './desired';
import type { Clock, DatabaseClients, RemoteHosts } from '../ports';
import type { LocalFiles } from './localFile';
import type { ServerTrial } from './serverTrial';
import type { Situation } from './situation';

export interface TrialDependencies {
  readonly hosts: RemoteHosts;
  readonly databases: DatabaseClients;
  readonly clock: Clock;
  readonly files: Pick<LocalFiles, 'files'>;
  readonly parallel: number;
  readonly signal?: AbortSignal;
}

/** For all that one server asks. */
const LIMIT_MS = 5_000;

/** sshd that lets nobody through. */
const NO_FORWARDING = 'ssh-forwarding-refused';

/** The loopback of a server answers at once, and on this port nothing listens: what the answer takes is the way to the server. */
const NEAR = { host: '127.0.0.1', port: 1 };
const NEAR_TIMES = 2;

/** K3s names what servers share by so much of the token's sha256. https://github.com/k3s-io/k3s/blob/main/pkg/cluster/encrypt.go */
const TOKEN_HASH = 12;

/** With what each server logs in. */
type Wanted = ReadonlyMap<MachineId, Pick<NodeContent, 'endpoint' | 'tokenSha256'>>;

/**
 * Logs in to the datastore as K3s will, from the network of each of these servers, and looks. It is the endpoint that the
 * person agreed to give to the servers, and nobody else gets its password. Nothing stays behind in the datastore.
 */
export async function tryDatastore(
  { cluster, desired, facts }: Pick<Situation, 'cluster' | 'facts'> & { readonly desired: Wanted },
  servers: readonly ClusterNode[],
  deps: TrialDependencies,
): Promise<ReadonlyMap<MachineId, ServerTrial>> {
  if (datastoreOfType(cluster.datastore.type).home !== 'outside') return new Map();
  const trials = await mapLimit(servers, deps.parallel, async (server) => {
    const content = desired.get(server.id);
    if (content?.endpoint === undefined) return [];
    const { endpoint, tokenSha256 } = content;
    const simulated = facts.get(server.id)?.os.endsWith(SIMULATED) === true;
    return [[server.id, await tryFrom(cluster, server, { endpoint, tokenSha256, simulated }, deps)] as const];
  });
  return new Map(trials.flat());
}

interface Trying {
  readonly endpoint: string;
  readonly tokenSha256: string | undefined;
  readonly simulated: boolean;
}

async function tryFrom(
  cluster: Cluster,
  server: ClusterNode,
  { endpoint, tokenSha256, simulated }: Trying,
  deps: TrialDependencies,
): Promise<ServerTrial> {
  const { hosts, databases, signal } = deps;
  // A simulated datastore has no certificate that the files of the person could fit.
  const tls = simulated ? ok({}) : await tlsTexts(cluster, server, deps);
  if (!tls.ok) return { kind: 'untried', why: tls.error };
  let refused: Problem | undefined;
  const connect: Parameters<DatabaseClients['try']>[1] = async (host, port) => {
    const opened = await hosts.openTunnel(target(server), host, port, signal);
    if (!opened.ok && opened.error.code === NO_FORWARDING) refused = opened.error;
    return opened;
  };
  const findings = await databases.try(
    {
      type: cluster.datastore.type,
      endpoint,
      tls: tls.value,
      context: contextOf(cluster, tokenSha256),
      nearMs: simulated ? 0 : await timeToServer(server, deps),
      ...(simulated ? { simulated } : {}),
    },
    connect,
    { timeoutMs: LIMIT_MS, ...(signal === undefined ? {} : { signal }) },
  );
  if (refused !== undefined) return { kind: 'untried', why: [refused.message, ...refused.nextSteps].join(' ') };
  return findings === undefined
    ? { kind: 'untried', why: say`its endpoint names nothing that can be tried over a network` }
    : { kind: 'tried', findings };
}

function contextOf({ k3s, servers }: Cluster, tokenSha256: string | undefined): ClusterContext {
  const limit = Number(k3s.install.env['KINE_DATASTORE_MAX_OPEN_CONNECTIONS']);
  return {
    servers: servers.length,
    ...(k3s.version === undefined ? {} : { k3sVersion: k3s.version }),
    ...(tokenSha256 === undefined ? {} : { tokenHash: tokenSha256.slice(0, TOKEN_HASH) }),
    ...(limit > 0 ? { openConnections: limit } : {}),
  };
}

/** How long an answer takes from the server itself, so that a far server does not make a near database look far. */
async function timeToServer(server: ClusterNode, { hosts, clock, signal }: TrialDependencies): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < NEAR_TIMES; i += 1) {
    const begun = clock.now();
    const opened = await hosts.openTunnel(target(server), NEAR.host, NEAR.port, signal);
    if (opened.ok) opened.value.destroy();
    shortest = Math.min(shortest, clock.now() - begun);
  }
  return shortest;
}

const TLS_FILES = [
  ['caFile', 'ca'],
  ['certFile', 'certificate'],
  ['keyFile', 'key'],
] as const;

/** The TLS files as texts; certificates that lie on the server are read there, and a key that lies there stays there. */
async function tlsTexts(
  { datastore }: Cluster,
  server: ClusterNode,
  { hosts, files, signal }: TrialDependencies,
): Promise<Result<TlsTexts, string>> {
  const texts: { -readonly [K in keyof TlsTexts]: TlsTexts[K] } = {};
  for (const [key, name] of TLS_FILES) {
    const path = datastore[key];
    if (path === undefined) continue;
    const upload = datastore.uploads?.find((one) => one.key === key);
    const text = upload === undefined ? await textOnServer(key, path) : files.files.get(upload.from)?.text;
    if (text === undefined)
      return err(
        key === 'keyFile' && upload === undefined
          ? say`the key of the client certificate lies on the servers (${path}) and does not leave them`
          : say`${path} could not be read`,
      );
    texts[name] = text;
  }
  return ok(texts);

  async function textOnServer(key: DatastoreUpload['key'], path: string): Promise<string | undefined> {
    if (key === 'keyFile') return undefined;
    const read = await hosts.run(target(server), readFile(path), signal === undefined ? {} : { signal });
    return read.kind === 'done' && read.value.includes('-----BEGIN CERTIFICATE-----') ? read.value : undefined;
  }
}
