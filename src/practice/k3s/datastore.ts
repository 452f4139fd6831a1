import { err, ok, type Result } from '../../core/base/result';
import { canReach, connected, dial } from '../network';
import type { World } from '../world';
import { createCluster, type ClusterSeed, type K3sCluster } from './cluster';
import { startController } from './controller';
import { isUp, loginProblem, readEndpoint, type Database, type DatabaseAccess } from './database';
import { hasQuorum, newMember, type EtcdMember } from './etcd';
import { connectDelay, dataDirOf, nodeNameOf, serverAddress, tokenText, until, type K3sRun } from './run';
import { CA_FILES, writeClusterFiles } from './serverFiles';
import { TIMINGS } from './timings';
import { parseToken, tokenProblem, type Token } from './token';
import { criticalValues } from './validate';

/** What a server stores its state in. */
export interface OpenDatastore {
  readonly cluster: K3sCluster;
  readonly member?: EtcdMember;
}

type Opened = Result<OpenDatastore, string>;

/** What the data files of a server stand for. */
interface DiskData {
  readonly cluster: K3sCluster;
  readonly member?: EtcdMember;
}

const DIFFERENT_TOKEN = 'preparing server: failed to bootstrap cluster data: bootstrap data already found and encrypted with different token';

/** Opens the datastore that K3s would choose: etcd on disk, the endpoint, embedded etcd, SQLite. Errors in K3s's words. */
export async function openDatastore(run: K3sRun): Promise<Opened> {
  const { config, host } = run;
  const etcd = host.files.get(etcdFile(run))?.meaning as DiskData | undefined;
  if (etcd !== undefined) return restartEtcd(run, etcd);
  const endpoint = config.text('datastore-endpoint') ?? '';
  if (endpoint !== '' && !endpoint.startsWith('sqlite://')) return openExternal(run, endpoint);
  const token = tokenText(run);
  const server = config.text('server');
  if (config.flag('cluster-init') || (token !== undefined && server !== undefined)) {
    if (server === undefined) return foundEtcd(run, token);
    if (token === undefined) return err('token is required to join a cluster');
    return joinEtcd(run, server, token);
  }
  return openSqlite(run, token);
}

function etcdFile({ config }: K3sRun): string {
  return `${dataDirOf(config)}/server/db/etcd/member/wal/0000000000000000.wal`;
}

function sqliteFile({ config }: K3sRun): string {
  return `${dataDirOf(config)}/server/db/state.db`;
}

function tombstone({ config }: K3sRun): string {
  return `${dataDirOf(config)}/server/db/etcd/tombstone`;
}

/** Marks the server's etcd data as that of a removed member. */
export function leaveTombstone(run: K3sRun): void {
  run.host.files.write(tombstone(run), '');
}

/** A cluster's first data; the controllers start with it. */
async function newCluster(world: World, seed: ClusterSeed): Promise<K3sCluster> {
  const cluster = await createCluster(seed, world.clock.now(), world.emit);
  world.clusters.add(cluster);
  startController(world, cluster);
  return cluster;
}

function seedOf(run: K3sRun, token: Token | undefined): ClusterSeed {
  const agent = run.config.text('agent-token');
  return {
    ...(token === undefined ? {} : { password: token.password }),
    ...(agent === undefined ? {} : { agentPassword: agent }),
    criticalValues: criticalValues(run.config),
  };
}

async function foundEtcd(run: K3sRun, tokenAsGiven: string | undefined): Promise<Opened> {
  const token = tokenAsGiven === undefined ? undefined : parseToken(tokenAsGiven);
  if (token?.ok === false) return token;
  run.log('info', 'Managed etcd cluster initializing');
  await run.world.clock.sleep(TIMINGS.datastore, run.signal);
  const old = run.host.files.get(sqliteFile(run));
  const known = old?.meaning as DiskData | undefined;
  if (known === undefined) await firstBootstrap(run);
  const cluster = known?.cluster ?? (await newCluster(run.world, seedOf(run, token?.value)));
  if (old !== undefined) {
    // A single SQLite server that is restarted with cluster-init moves its data into etcd.
    run.host.files.write(`${sqliteFile(run)}.migrated`, old.content);
    run.host.files.remove(sqliteFile(run));
  }
  return ok(addMember(run, cluster, false));
}

async function firstBootstrap(run: K3sRun): Promise<void> {
  const created = Math.floor(run.world.clock.now() / 1000);
  run.log('info', 'Bootstrap key locked for initial create');
  for (const name of ['k3s-client-ca', 'k3s-server-ca', 'k3s-request-header-ca']) run.log('info', `generated self-signed CA certificate CN=${name}@${created}`);
  run.log('info', `certificate CN=system:admin,O=system:masters signed by CN=k3s-client-ca@${created}`);
  await run.world.clock.sleep(TIMINGS.bootstrap, run.signal);
  run.log('info', 'Saving cluster bootstrap data to datastore');
}

function addMember(run: K3sRun, cluster: K3sCluster, learner: boolean): OpenDatastore {
  const member = newMember(nodeNameOf(run), run.host, learner);
  member.online = true;
  cluster.members.add(member);
  const data: DiskData = { cluster, member };
  run.host.files.write(etcdFile(run), '', { mode: 0o600, meaning: data });
  run.host.files.write(`${dataDirOf(run.config)}/server/db/etcd/name`, member.name, { mode: 0o600 });
  return { cluster, member };
}

async function restartEtcd(run: K3sRun, { cluster, member }: DiskData): Promise<Opened> {
  const removed = run.host.files.get(tombstone(run)) !== undefined || member === undefined || !cluster.members.has(member);
  if (removed) {
    const server = run.config.text('server');
    const token = tokenText(run);
    if (server === undefined || token === undefined) {
      return err('tombstone file has been detected but --server is empty: backup and delete ${datadir}/server/db to create a new cluster, or set --server to rejoin the cluster');
    }
    run.host.files.remove(`${dataDirOf(run.config)}/server/db/etcd`);
    return joinEtcd(run, server, token);
  }
  const token = tokenText(run);
  const parsed = token === undefined ? undefined : parseToken(token);
  if (parsed?.ok === false) return parsed;
  if (parsed !== undefined && parsed.value.password !== cluster.password) return err(DIFFERENT_TOKEN);
  run.log('info', 'Managed etcd cluster bootstrap already complete and initialized');
  await run.world.clock.sleep(TIMINGS.datastore, run.signal);
  member.online = true;
  return ok({ cluster, member });
}

async function joinEtcd(run: K3sRun, url: string, tokenAsGiven: string): Promise<Opened> {
  const { world, host, config, log } = run;
  run.log('info', 'Managed etcd cluster not yet initialized');
  const token = parseToken(tokenAsGiven);
  if (!token.ok) return token;
  const at = serverAddress(url);
  if (typeof at === 'string') return err(at);
  const dialed = dial(world, host, at.address, at.port);
  if (dialed.kind === 'failed') {
    await connectDelay(run, dialed.error);
    return err(`preparing server: failed to validate token: failed to get CA certs: Get "${url}/cacerts": ${dialed.error}`);
  }
  const { cluster } = dialed.server;
  if (token.value.hash === undefined) {
    log('warning', "Cluster CA certificate is not trusted by the host CA bundle, but the token does not include a CA hash. Use the full token from the server's node-token file to enable Cluster CA validation.");
  }
  const refusal = tokenProblem(cluster, token.value, 'server', `${url}/v1-k3s/server-bootstrap`);
  if (refusal !== undefined) return err(`preparing server: failed to validate token: ${refusal}`);
  for (const [name, value] of criticalValues(config)) {
    if (cluster.criticalValues.get(name) === value) continue;
    log('warning', `critical configuration mismatched: ${name}`);
    return err('preparing server: failed to bootstrap cluster data: failed to validate server configuration: critical configuration value mismatch between servers');
  }
  writeClusterFiles(host, config, cluster);
  if (cluster.members.size === 0) return err(`preparing server: failed to get etcd members from ${url}/db/info: 400 Bad Request: etcd datastore disabled`);
  if (config.flag('disable-etcd')) return ok({ cluster });
  const nodeName = nodeNameOf(run);
  if ([...cluster.members].some((member) => member.nodeName === nodeName)) return err('duplicate node name found, please use a unique name for this node');
  for (let why = joinObstacle(run, cluster); why !== undefined; why = joinObstacle(run, cluster)) {
    log('info', `Waiting for other members to finish joining etcd cluster: ${why}`);
    await world.clock.sleep(TIMINGS.joinRetry, run.signal);
  }
  const opened = addMember(run, cluster, true);
  log('info', `Adding member ${opened.member?.name ?? ''} to etcd cluster as a learner`);
  await world.clock.sleep(TIMINGS.learnerSync, run.signal);
  if (opened.member !== undefined) opened.member.inSync = true;
  return ok(opened);
}

/** etcd takes one learner at a time and only while it has quorum. */
function joinObstacle(run: K3sRun, cluster: K3sCluster): string | undefined {
  if ([...cluster.members].some((member) => member.learner)) return 'etcdserver: too many learner members in cluster';
  const quorate = hasQuorum(cluster.members, (member) => canReach(run.world, run.host, member.host));
  return quorate ? undefined : 'etcdserver: unhealthy cluster';
}

async function openSqlite(run: K3sRun, tokenAsGiven: string | undefined): Promise<Opened> {
  const token = tokenAsGiven === undefined ? undefined : parseToken(tokenAsGiven);
  if (token?.ok === false) return token;
  logKine(run, 'sqlite3');
  await run.world.clock.sleep(TIMINGS.datastore, run.signal);
  const known = run.host.files.get(sqliteFile(run))?.meaning as DiskData | undefined;
  if (known !== undefined) return ok(known);
  await firstBootstrap(run);
  const data: DiskData = { cluster: await newCluster(run.world, seedOf(run, token?.value)) };
  run.host.files.write(sqliteFile(run), '', { meaning: data });
  return ok(data);
}

function logKine(run: K3sRun, driver: string): void {
  run.log('info', `Configuring ${driver} database connection pooling: maxIdle=20, maxOpen=0, maxLifetime=0s, maxIdleTime=0s`);
  run.log('info', 'Configuring database table schema and indexes, this may take a moment...');
  run.log('info', 'Database tables and indexes are up to date');
  run.log('info', 'Kine available at unix://kine.sock');
}

async function openExternal(run: K3sRun, endpoint: string): Promise<Opened> {
  const { world, host, config } = run;
  const storage = (text: string): Opened => err(`preparing server: creating storage endpoint: ${text}`);
  const read = readEndpoint(endpoint);
  if (!read.ok) return storage(`failed to create driver for configured endpoint: ${read.error}`);
  const access = read.value;
  const missing = ['datastore-cafile', 'datastore-certfile', 'datastore-keyfile'].map((name) => config.text(name) ?? '').find((path) => path !== '' && host.files.get(path) === undefined);
  if (missing !== undefined) return storage(`open ${missing}: no such file or directory`);
  const database = databaseFor(world, access);
  for (let tries = 0; !reachable(run, database); tries += 1) {
    if (tries >= 300) return storage(`failed to create driver for configured endpoint: dial tcp ${access.addresses[0]}: connect: connection refused`);
    run.log('error', `Failed to ping database connection: dial tcp ${access.addresses[0]}: connect: connection refused`);
    await world.clock.sleep(TIMINGS.databasePing, run.signal);
  }
  const login = loginProblem(access, host.addresses[0], world.databaseOptions);
  if (login !== undefined) return storage(`failed to create driver for configured endpoint: ${login}`);
  if (access.driver !== 'etcd') logKine(run, access.driver);
  await world.clock.sleep(TIMINGS.datastore, run.signal);
  return bootstrapExternal(run, database);
}

function databaseFor(world: World, access: DatabaseAccess): Database {
  const known = world.databases.get(access.key);
  if (known !== undefined) return known;
  const database: Database = { key: access.key, addresses: access.addresses, down: world.databasesDown, locked: false };
  world.databases.set(access.key, database);
  return database;
}

function reachable(run: K3sRun, database: Database): boolean {
  return isUp(database) && database.addresses.some((address) => connected(run.world, run.host.id, address));
}

async function bootstrapExternal(run: K3sRun, database: Database): Promise<Opened> {
  const { host, config, log, world } = run;
  const folder = `${dataDirOf(config)}/server`;
  // A server that was started without a token before finds the one that it made up.
  const given = tokenText(run) ?? host.files.get(`${folder}/token`)?.content;
  const token = given === undefined ? undefined : parseToken(given);
  if (token?.ok === false) return token;
  if (token !== undefined && database.locked) {
    log('info', 'Bootstrap key already locked - waiting for data to be populated by another server');
    while (database.locked) await world.clock.sleep(TIMINGS.bootstrapLock, run.signal);
  }
  const { cluster } = database;
  if (cluster === undefined) {
    if (token === undefined) log('info', 'Datastore connection validated successfully, proceeding with bootstrap data generation');
    database.locked = true;
    try {
      await firstBootstrap(run);
      database.cluster = await newCluster(world, { ...seedOf(run, token?.value), database });
    } finally {
      database.locked = false;
    }
    return ok({ cluster: database.cluster });
  }
  const ownFiles = CA_FILES.map((name) => `${folder}/${name}`).filter((path) => host.files.get(path) !== undefined);
  if (token?.value.password !== cluster.password) {
    if (token === undefined) {
      // K3s makes certificates and a token of its own before it looks: they stay behind and block the next start.
      await firstBootstrap(run);
      writeClusterFiles(host, config, await createCluster(seedOf(run, undefined), world.clock.now(), () => {}));
    }
    return err(DIFFERENT_TOKEN);
  }
  const foreign = host.files.get(`${folder}/tls/server-ca.crt`);
  if (foreign !== undefined && foreign.content !== cluster.certificates.serverCa.certificate) {
    return err(
      `preparing server: failed to bootstrap cluster data: ${ownFiles.join(', ')} newer than datastore and could cause a cluster outage. Remove the file(s) from disk and restart to be recreated from datastore.`,
    );
  }
  await until(run, () => reachable(run, database));
  return ok({ cluster });
}
