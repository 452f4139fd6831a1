import { createHash } from 'node:crypto';
import { parseDatastoreEndpoint } from '../../core/datastore/endpoint/dsn';
import { err, ok, type Result } from '../../core/base/result';
import { datastoreOfType } from '../../core/datastore/registry';
import type { DatastoreType } from '../../core/datastore/kind';
import { trialOf } from '../../core/datastore/trial/registry';
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
  /** The login that opened it first. */
  opened?: DatabaseLogin;
  /** A server is creating the first content (K3s locks the bootstrap key meanwhile). */
  locked: boolean;
}

export interface DatabaseAccess extends DatabaseLogin {
  readonly key: string;
  readonly driver: DatastoreType;
  /** `host:port` each. */
  readonly addresses: readonly string[];
}

export interface DatabaseLogin {
  readonly user: string;
  readonly passwordSha256: string;
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
  const { user = '', password = '' } = trialOf(driver)?.accesses(endpoint, {})[0] ?? {};
  const passwordSha256 = sha256(password);
  return ok({ key: `${[...list].sort().join(',')}${name}`, driver, addresses: list, user, passwordSha256 });
}

/** Whether enough of the database is up. */
export function isUp(database: Database): boolean {
  const up = database.addresses.filter((address) => !database.down.has(address)).length;
  return up > database.addresses.length / 2;
}

/** Why a database lets somebody not in: number or word of its protocol, and its words. */
export interface LoginRefusal {
  readonly code: string;
  readonly says: string;
}

/**
 * The refusal of a login; undefined when it is right. Where the cluster file keeps the password as a reference, nobody knows it here:
 * then the first servers that opened the database had the right one.
 */
export function loginRefusal(
  driver: DatastoreType,
  addresses: readonly string[],
  { user, passwordSha256 }: DatabaseLogin,
  { from, known, opened }: LoginSight,
): LoginRefusal | undefined {
  const written = known.find(({ address }) => addresses.includes(address));
  const password = written?.password === undefined ? undefined : sha256(written.password);
  const wantedUser = written?.user ?? opened?.user ?? user;
  const wanted = password ?? opened?.passwordSha256 ?? passwordSha256;
  if (driver === 'etcd' || (wantedUser === user && wanted === passwordSha256)) return undefined;
  switch (driver) {
    case 'mysql': {
      const using = passwordSha256 === sha256('') ? 'NO' : 'YES';
      return { code: '1045', says: `Access denied for user '${user}'@'${from}' (using password: ${using})` };
    }
    case 'nats':
      return { code: 'authorization', says: 'Authorization Violation' };
    default:
      return { code: '28P01', says: `password authentication failed for user "${user}"` };
  }
}

interface LoginSight {
  /** Address of the server that logs in. */
  readonly from: string;
  readonly known: readonly PracticeDatabaseOptions[];
  /** The login with which the database was opened first. */
  readonly opened: DatabaseLogin | undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
