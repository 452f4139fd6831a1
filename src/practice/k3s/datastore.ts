import { err, ok } from '../../core/base/result';
import { firstBootstrap, logKine, newCluster, seedOf, sqliteFile, type Opened, type OpenDatastore } from './bootstrap';
import { etcdOnDisk, foundEtcd, joinEtcd, restartEtcd } from './embeddedEtcd';
import { openExternal } from './externalDatastore';
import { tokenText, type K3sRun } from './run';
import { TIMINGS } from './timings';
import { parseToken } from './token';

/** Opens the datastore that K3s would choose: etcd on disk, the endpoint, embedded etcd, SQLite. Errors in K3s's words. */
export async function openDatastore(run: K3sRun): Promise<Opened> {
  const { config } = run;
  const etcd = etcdOnDisk(run);
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

async function openSqlite(run: K3sRun, tokenAsGiven: string | undefined): Promise<Opened> {
  const token = tokenAsGiven === undefined ? undefined : parseToken(tokenAsGiven);
  if (token?.ok === false) return token;
  logKine(run, 'sqlite3');
  await run.world.clock.sleep(TIMINGS.datastore, run.signal);
  const known = run.host.files.get(sqliteFile(run))?.meaning as OpenDatastore | undefined;
  if (known !== undefined) return ok(known);
  await firstBootstrap(run);
  const data: OpenDatastore = { cluster: await newCluster(run.world, seedOf(run, token?.value)) };
  run.host.files.write(sqliteFile(run), '', { meaning: data });
  return ok(data);
}
