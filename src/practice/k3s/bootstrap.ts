import type { Result } from '../../core/base/result';
import type { World } from '../world';
import type { ClusterCertificates } from './certificates';
import { createCluster, type ClusterSeed, type K3sCluster } from './cluster';
import { startAddons } from './addons';
import { startController } from './controller';
import type { EtcdMember } from './etcd';
import { dataDirOf, type K3sRun } from './run';
import { TIMINGS } from './timings';
import type { Token } from './token';
import { criticalValues } from './validate';

/** What a server stores its state in. */
export interface OpenDatastore {
  readonly cluster: K3sCluster;
  readonly member?: EtcdMember;
  /** Starts embedded etcd here, once the port is open; the error is the text of K3s's fatal message. */
  readonly startEtcd?: () => Promise<Result<EtcdMember, string>>;
  /** Whether an external database answers the server now. */
  readonly databaseAnswers?: () => boolean;
  readonly databaseRefusal?: string;
}

/** The error is the text of K3s's fatal message. */
export type Opened = Result<OpenDatastore, string>;

/** What a failure while the data of the cluster are fetched begins with. */
export const BOOTSTRAP = 'preparing server: failed to bootstrap cluster data: ';

export const DIFFERENT_TOKEN = `${BOOTSTRAP}bootstrap data already found and encrypted with different token`;

/** Where a server keeps SQLite; the file stands for an {@link OpenDatastore}. */
export function sqliteFile({ config }: K3sRun): string {
  return `${dataDirOf(config)}/server/db/state.db`;
}

/** A cluster's first data; the controllers start with it. */
export async function newCluster(
  world: World,
  seed: ClusterSeed,
  certificates?: ClusterCertificates,
): Promise<K3sCluster> {
  const later = (ms: number, work: () => void): void =>
    void world.clock.sleep(ms, world.signal).then(work, () => undefined);
  const cluster = await createCluster(seed, world.clock.now(), world.emit, later, certificates);
  world.clusters.add(cluster);
  startController(world, cluster);
  startAddons(world, cluster);
  return cluster;
}

/** What this server would give a new cluster. */
export function seedOf(run: K3sRun, token: Token | undefined): ClusterSeed {
  const agent = run.config.text('agent-token');
  return {
    ...(token === undefined ? {} : { password: token.password }),
    ...(agent === undefined ? {} : { agentPassword: agent }),
    criticalValues: criticalValues(run.config),
  };
}

/** The time and the journal of making certificates and first data. */
export async function firstBootstrap(run: K3sRun): Promise<void> {
  const created = Math.floor(run.world.clock.now() / 1000);
  for (const name of ['k3s-client-ca', 'k3s-server-ca', 'k3s-request-header-ca'])
    run.log('info', `generated self-signed CA certificate CN=${name}@${created}`);
  run.log('info', `certificate CN=system:admin,O=system:masters signed by CN=k3s-client-ca@${created}`);
  await run.world.clock.sleep(TIMINGS.bootstrap, run.signal);
  run.log('info', 'Saving cluster bootstrap data to datastore');
}

/** What kine says when it has opened a database. */
export function logKine(run: K3sRun, driver: string): void {
  run.log(
    'info',
    `Configuring ${driver} database connection pooling: maxIdle=20, maxOpen=0, maxLifetime=0s, maxIdleTime=0s`,
  );
  run.log('info', 'Configuring database table schema and indexes, this may take a moment...');
  run.log('info', 'Database tables and indexes are up to date');
  run.log('info', 'Kine available at unix://kine.sock');
}
