import { err, ok, type Result } from '../../core/base/result';
import { canReach, dial } from '../network';
import {
  BOOTSTRAP,
  DIFFERENT_TOKEN,
  firstBootstrap,
  newCluster,
  seedOf,
  sqliteFile,
  type Opened,
  type OpenDatastore,
} from './bootstrap';
import { updateNode, type K3sCluster } from './cluster';
import { addressId, hasQuorum, memberName, newMember, type EtcdMember } from './etcd';
import { connectDelay, dataDirOf, nodeNameOf, serverAddress, SHUTDOWN, tokenText, type K3sRun } from './run';
import { TIMINGS } from './timings';
import { NOT_AUTHORIZED, parseToken, tokenProblem } from './token';
import { criticalValues, mismatchTag } from './validate';

const INVALID_TOKEN = `${BOOTSTRAP}failed to check if bootstrap data has been initialized: failed to validate token: `;

export function etcdFile({ config }: Pick<K3sRun, 'config'>): string {
  return `${dataDirOf(config)}/server/db/etcd/member/wal/0000000000000000.wal`;
}

function tombstone({ config }: K3sRun): string {
  return `${dataDirOf(config)}/server/db/etcd/tombstone`;
}

/** What the etcd data on this server's disk belongs to. */
export function etcdOnDisk(run: Pick<K3sRun, 'host' | 'config'>): OpenDatastore | undefined {
  return run.host.files.get(etcdFile(run))?.meaning as OpenDatastore | undefined;
}

/** Marks the server's etcd data as that of a removed member. */
export function leaveTombstone(run: K3sRun): void {
  run.host.files.write(tombstone(run), '');
}

/** `cluster-init`: the first member, with the data of SQLite when there is some. */
export async function foundEtcd(run: K3sRun, tokenAsGiven: string | undefined): Promise<Opened> {
  const { world, host, log } = run;
  const token = tokenAsGiven === undefined ? undefined : parseToken(tokenAsGiven);
  if (token?.ok === false) return token;
  log('info', 'Managed etcd cluster initializing');
  const old = host.files.get(sqliteFile(run));
  const known = old?.meaning as OpenDatastore | undefined;
  if (known === undefined) await firstBootstrap(run);
  const cluster = known?.cluster ?? (await newCluster(world, seedOf(run, token?.value)));
  cluster.etcdId = addressId('cluster', host);
  const startEtcd = async (): Promise<Result<EtcdMember, string>> => {
    log('info', 'Starting etcd for new cluster, cluster-reset=false');
    await world.clock.sleep(TIMINGS.datastore, run.signal);
    if (old !== undefined) {
      // A single SQLite server that is restarted with cluster-init moves its data into etcd.
      host.files.write(`${sqliteFile(run)}.migrated`, old.content);
      host.files.remove(sqliteFile(run));
    }
    return ok(addMember(run, cluster, false));
  };
  return ok({ cluster, startEtcd });
}

function addMember(run: K3sRun, cluster: K3sCluster, learner: boolean): EtcdMember {
  const member = newMember(nodeNameOf(run), run.host, learner);
  member.online = true;
  cluster.members.add(member);
  const data: OpenDatastore = { cluster, member };
  run.host.files.write(etcdFile(run), '', { mode: 0o600, meaning: data });
  run.host.files.write(`${dataDirOf(run.config)}/server/db/etcd/name`, member.name, { mode: 0o600 });
  return member;
}

/** A server that has etcd data: goes on as the member that it was. */
export async function restartEtcd(run: K3sRun, { cluster, member }: OpenDatastore): Promise<Opened> {
  const removed = run.host.files.get(tombstone(run)) !== undefined;
  if (removed || member === undefined) {
    const server = run.config.text('server');
    const token = tokenText(run);
    if (server === undefined || token === undefined) {
      return err(
        'tombstone file has been detected but --server is empty: backup and delete ${datadir}/server/db to create a new cluster, or set --server to rejoin the cluster',
      );
    }
    run.host.files.remove(`${dataDirOf(run.config)}/server/db/etcd`);
    return joinEtcd(run, server, token);
  }
  const token = tokenText(run);
  const parsed = token === undefined ? undefined : parseToken(token);
  if (parsed?.ok === false) return parsed;
  if (parsed !== undefined && parsed.value.password !== cluster.password) return err(DIFFERENT_TOKEN);
  run.log('info', 'Managed etcd cluster bootstrap already complete and initialized');
  const startEtcd = async (): Promise<Result<EtcdMember, string>> => {
    run.log('info', 'Starting etcd for existing cluster member');
    if (!cluster.members.has(member)) return runWithoutMember(run);
    await run.world.clock.sleep(TIMINGS.datastore, run.signal);
    member.online = true;
    return ok(member);
  };
  return ok({ cluster, startEtcd });
}

/** The member was removed while K3s was stopped: etcd ends, K3s waits for it for ever and does not exit. */
async function runWithoutMember(run: K3sRun): Promise<never> {
  const { world, host, log, signal } = run;
  const etcd = (line: number, message: string, more = ''): void =>
    host.journal.add(
      'k3s',
      `{"level":"warn","ts":"${new Date(world.clock.now()).toISOString()}","caller":"etcdserver/server.go:${line}","msg":"${message}"${more}}`,
    );
  await world.clock.sleep(TIMINGS.datastore, signal);
  etcd(860, 'server error', ',"error":"the member has been permanently removed from the cluster"');
  etcd(861, 'data-dir used by this member must be removed');
  log('error', 'etcd exited: server is stopping');
  for (;;) {
    await world.clock.sleep(TIMINGS.learnerCheck, signal);
    log('error', 'Failed to check local etcd status for learner management: context deadline exceeded');
    await world.clock.sleep(TIMINGS.learnerCheck, signal);
    log('info', 'Failed to test etcd connection: failed to get etcd status: context deadline exceeded');
  }
}

/** `server` and `token`: asks a server, then becomes a learner when its turn has come. */
export async function joinEtcd(run: K3sRun, url: string, tokenAsGiven: string): Promise<Opened> {
  const { world, host, config, log } = run;
  run.log('info', 'Managed etcd cluster not yet initialized');
  const token = parseToken(tokenAsGiven);
  if (!token.ok) return token;
  const at = serverAddress(url);
  if (typeof at === 'string') return err(at);
  const dialed = dial(world, host, at.address, at.port);
  if (dialed.kind === 'failed') {
    await connectDelay(run, dialed.error);
    return err(`${INVALID_TOKEN}failed to get CA certs: Get "${url}/cacerts": ${dialed.error}`);
  }
  if (dialed.server.starting)
    return err(`${INVALID_TOKEN}failed to get CA certs: ${url}/cacerts: 503 Service Unavailable`);
  const { cluster } = dialed.server;
  if (token.value.hash === undefined) {
    log(
      'warning',
      "Cluster CA certificate is not trusted by the host CA bundle, but the token does not include a CA hash. Use the full token from the server's node-token file to enable Cluster CA validation.",
    );
  }
  const refusal = tokenProblem(cluster, token.value, 'server');
  if (refusal === NOT_AUTHORIZED) {
    log('warning', `Skipping cluster configuration validation: ${refusal}`);
    return err(`${BOOTSTRAP}${refusal}`);
  }
  if (refusal !== undefined) return err(`${INVALID_TOKEN}${refusal}`);
  for (const [name, value] of criticalValues(config)) {
    const other = cluster.criticalValues.get(name);
    if (other === value) continue;
    log('warning', `critical configuration mismatched: ${mismatchTag(name, other, value)}`);
    return err(
      `${BOOTSTRAP}failed to validate server configuration: critical configuration value mismatch between servers`,
    );
  }
  if (cluster.etcdId === '') return err(`${BOOTSTRAP}etcd disabled`);
  await world.clock.sleep(TIMINGS.bootstrap, run.signal);
  return ok(config.flag('disable-etcd') ? { cluster } : { cluster, startEtcd: () => startAsLearner(run, cluster) });
}

/** Waits for its turn, then becomes a learner. */
async function startAsLearner(run: K3sRun, cluster: K3sCluster): Promise<Result<EtcdMember, string>> {
  const { world, log } = run;
  const nodeName = nodeNameOf(run);
  if ([...cluster.members].some((member) => member.nodeName === nodeName)) {
    renameMember(cluster, nodeName);
    return err(
      `${SHUTDOWN}"etcd cluster join failed: duplicate node name found, please use a unique name for this node"`,
    );
  }
  for (let why = joinObstacle(run, cluster); why !== undefined; why = joinObstacle(run, cluster)) {
    log('info', `Waiting for other members to finish joining etcd cluster: ${why}`);
    await world.clock.sleep(TIMINGS.joinRetry, run.signal);
  }
  const others = [...cluster.members].map(peer).join(' ');
  const member = addMember(run, cluster, true);
  log('info', `Adding member ${peer(member)} to etcd cluster [${others}]`);
  await world.clock.sleep(TIMINGS.learnerSync, run.signal);
  member.inSync = true;
  return ok(member);
}

/** The second life of a machine writes its own member name on the node of the first: whoever deletes the node then misses the member. */
function renameMember(cluster: K3sCluster, nodeName: string): void {
  updateNode(cluster, nodeName, (node) => ({
    ...node,
    metadata: {
      ...node.metadata,
      annotations: { ...node.metadata.annotations, 'etcd.k3s.cattle.io/node-name': memberName(nodeName) },
    },
  }));
}

function peer({ name, host }: EtcdMember): string {
  return `${name}=https://${host.addresses[0]}:2380`;
}

/** etcd takes one learner at a time and only while it has quorum. */
function joinObstacle(run: K3sRun, cluster: K3sCluster): string | undefined {
  if ([...cluster.members].some((member) => member.learner)) return 'etcdserver: too many learner members in cluster';
  const quorate = hasQuorum(cluster.members, (member) => canReach(run.world, run.host, member.host));
  return quorate ? undefined : 'etcdserver: unhealthy cluster';
}
