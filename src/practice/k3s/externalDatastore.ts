import { err, ok } from '../../core/base/result';
import { connected } from '../network';
import type { World } from '../world';
import { BOOTSTRAP, DIFFERENT_TOKEN, firstBootstrap, logKine, newCluster, seedOf, type Opened } from './bootstrap';
import { createCluster } from './cluster';
import { isUp, loginRefusal, readEndpoint, type Database, type DatabaseAccess } from './database';
import { dataDirOf, tokenText, until, type K3sRun } from './run';
import { CA_FILES, writeClusterFiles } from './serverFiles';
import { TIMINGS } from './timings';
import { parseToken } from './token';

/** `datastore-endpoint`: MySQL, PostgreSQL, NATS or etcd that servers share. */
export async function openExternal(run: K3sRun, endpoint: string): Promise<Opened> {
  const { world, host, config } = run;
  const storage = (text: string): Opened => err(`${BOOTSTRAP}creating storage endpoint: ${text}`);
  const read = readEndpoint(endpoint);
  if (!read.ok) return storage(`failed to create driver for configured endpoint: ${read.error}`);
  const access = read.value;
  const missing = ['datastore-cafile', 'datastore-certfile', 'datastore-keyfile']
    .map((name) => config.text(name) ?? '')
    .find((path) => path !== '' && host.files.get(path) === undefined);
  if (missing !== undefined) return storage(`open ${missing}: no such file or directory`);
  const database = databaseFor(world, access);
  const refused = `dial tcp ${access.addresses[0]}: connect: connection refused`;
  for (let tries = 0; !reachable(run, database); tries += 1) {
    // For MySQL kine looks for the database first, and does not try again.
    if (access.driver === 'mysql' || tries >= 300)
      return storage(`failed to create driver for configured endpoint: ${refused}`);
    run.log('error', `Failed to ping database connection: ${refused}`);
    await world.clock.sleep(TIMINGS.databasePing, run.signal);
  }
  const sight = { from: host.addresses[0], known: world.databaseOptions, opened: database.opened };
  const refusal = loginRefusal(access.driver, access.addresses, access, sight);
  if (refusal !== undefined) {
    const { says } = refusal;
    const login = access.driver === 'mysql' ? `Error 1045 (28000): ${says}` : `failed to connect: ${says}`;
    const name = access.key.slice(access.key.lastIndexOf('/') + 1);
    if (access.driver === 'mysql')
      run.log('warning', `failed to check existence of database ${name}, going to attempt create: ${login}`);
    return storage(`failed to create driver for configured endpoint: ${login}`);
  }
  database.opened ??= access;
  if (access.driver !== 'etcd') logKine(run, access.driver);
  await world.clock.sleep(TIMINGS.datastore, run.signal);
  return bootstrapExternal(run, database, refused);
}

function databaseFor(world: World, access: DatabaseAccess): Database {
  const known = world.databases.get(access.key);
  if (known !== undefined) return known;
  const database: Database = { key: access.key, addresses: access.addresses, down: world.databasesDown, locked: false };
  world.databases.set(access.key, database);
  return database;
}

function reachable(run: K3sRun, database: Database): boolean {
  return isUp(database) && database.addresses.some((address) => answersAt(run.world, run.host.id, address));
}

/** Whether a host gets an answer at this `host:port` of a database. Names that cannot exist (RFC 6761) lead nowhere. */
export function answersAt(world: World, from: string, address: string): boolean {
  return !world.databasesDown.has(address) && !/\.invalid:\d+$/i.test(address) && connected(world, from, address);
}

async function bootstrapExternal(run: K3sRun, database: Database, databaseRefusal: string): Promise<Opened> {
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
  const databaseAnswers = (): boolean => reachable(run, database);
  if (cluster === undefined) {
    if (token === undefined)
      log('info', 'Datastore connection validated successfully, proceeding with bootstrap data generation');
    log('info', 'Bootstrap key locked for initial create');
    database.locked = true;
    try {
      await firstBootstrap(run);
      database.cluster = await newCluster(world, seedOf(run, token?.value));
    } finally {
      database.locked = false;
    }
    return ok({ cluster: database.cluster, databaseAnswers, databaseRefusal });
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
      `${BOOTSTRAP}${ownFiles.join(', ')} newer than datastore and could cause a cluster outage. Remove the file(s) from disk and restart to be recreated from datastore.`,
    );
  }
  await until(run, databaseAnswers);
  return ok({ cluster, databaseAnswers, databaseRefusal });
}
