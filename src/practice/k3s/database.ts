import { parseDatastoreEndpoint } from '../../core/datastore/endpoint/dsn';
import { err, ok, type Result } from '../../core/base/result';
import { datastoreOfType } from '../../core/datastore/registry';
import type { DatastoreType } from '../../core/datastore/kind';
import type { PracticeDatabaseOptions } from '../options';
import type { K3sCluster } from './cluster';

/** An external datastore that servers share: MySQL, PostgreSQL, NATS or an etcd cluster. */
export interface Database {
  /** `host:port/name`, or the sorted list of etcd addresses. */
  readonly key: string;
  readonly addresses: readonly string[];
  /** Addresses that are down. */
  readonly down: Set<string>;
  cluster?: K3sCluster;
  /** A server is creating the first content (K3s locks the bootstrap key meanwhile). */
  locked: boolean;
}

export interface DatabaseAccess {
  readonly key: string;
  readonly driver: DatastoreType;
  /** `host:port` each. */
  readonly addresses: readonly string[];
  readonly user: string;
  readonly password: string;
}

/** Reads a datastore endpoint; the error is the text of the driver that K3s would use. */
export function readEndpoint(endpoint: string): Result<DatabaseAccess, string> {
  if (!endpoint.includes('://'))
    return err('invalid datastore endpoint; endpoint should be a DSN URI in the format <scheme>://<authority>');
  const parsed = parseDatastoreEndpoint(endpoint);
  const { driver } = parsed;
  if (driver === undefined || driver === 'other' || driver === 'sqlite') return err('unknown driver');
  if (driver === 'mysql') {
    const { mysql } = parsed;
    if (mysql?.hasDatabaseSlash !== true) return err('invalid DSN: missing the slash separating the database name');
    const written = endpoint.slice(mysql.range.start, mysql.range.end);
    if (written.includes('(') && !written.endsWith(')'))
      return err('invalid DSN: network address not terminated (missing closing brace)');
    if (!written.includes('(') && mysql.network !== '' && mysql.network !== 'tcp' && mysql.network !== 'unix')
      return err(`default addr for network '${mysql.network}' unknown`);
    if (mysql.network !== '' && mysql.network !== 'tcp' && mysql.network !== 'unix')
      return err(`default addr for network '${mysql.network}' unknown`);
  }
  const { port: usual } = datastoreOfType(driver);
  const addresses = parsed.addresses.map(({ host, port }) => `${host}:${port ?? usual}`);
  const list = addresses.length > 0 ? addresses : [`127.0.0.1:${usual}`];
  const name =
    driver === 'etcd'
      ? ''
      : `/${(/\/([^/?]*)(\?.*)?$/.exec(endpoint.slice(endpoint.indexOf('://') + 3))?.[1] ?? '') || 'kubernetes'}`;
  const start = endpoint.indexOf('://') + 3;
  const password = parsed.password === undefined ? '' : endpoint.slice(parsed.password.start, parsed.password.end);
  const user = /^([^:@/]*)[:@]/.exec(endpoint.slice(start))?.[1] ?? '';
  return ok({ key: `${[...list].sort().join(',')}${name}`, driver, addresses: list, user, password });
}

/** Whether enough of the database is up. */
export function isUp(database: Database): boolean {
  const up = database.addresses.filter((address) => !database.down.has(address)).length;
  return up > database.addresses.length / 2;
}

/** The refusal of a login as MySQL or PostgreSQL words it; undefined when the login is right. */
export function loginProblem(
  access: DatabaseAccess,
  from: string,
  databases: readonly PracticeDatabaseOptions[],
): string | undefined {
  const known = databases.find((database) => access.addresses.includes(database.address));
  if (known?.user === undefined || (known.user === access.user && (known.password ?? '') === access.password))
    return undefined;
  return access.driver === 'mysql'
    ? `Error 1045 (28000): Access denied for user '${access.user}'@'${from}' (using password: ${access.password === '' ? 'NO' : 'YES'})`
    : `failed to connect: password authentication failed for user "${access.user}"`;
}
