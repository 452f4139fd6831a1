import { say } from '../../base/say';
import { canonicalAddress } from '../../k3s/cidr';
import { databaseName } from '../../datastore/endpoint/databaseName';
import { holdsReference } from '../../datastore/endpoint/dsn';
import { datastoreOfType } from '../../datastore/registry';
import type { DatastoreType } from '../../datastore/kind';
import type { ClusterNode } from '../../cluster/cluster';
import type { WrittenEndpoint } from './datastore';
import { listWords } from './words';
import { isLoopback } from './endpoints';

/** The database behind an endpoint, without the credentials. */
export interface Database {
  readonly driver: DatastoreType;
  /** Host and port of each machine, in one spelling. */
  readonly machines: ReadonlySet<string>;
  readonly name: string;
  /** For a sentence; never holds a password. */
  readonly label: string;
}

/** The database that `server` reaches by the endpoint; `undefined` when a reference or a mistake hides it. */
export function databaseOf({ text, parsed }: WrittenEndpoint, server: ClusterNode): Database | undefined {
  const { driver, addresses, local } = parsed;
  if (driver === undefined || driver === 'other') return undefined;
  const { port } = datastoreOfType(driver);
  const name = databaseName(text, driver);
  if (port === undefined || name === undefined || local || addresses.length === 0) return undefined;
  if (addresses.some(({ host }) => holdsReference(host))) return undefined;
  const machines = new Set(
    addresses.map(
      (address) => `${canonicalAddress(isLoopback(address.host) ? server.host : address.host)} ${address.port ?? port}`,
    ),
  );
  const hosts = listWords(
    addresses.map(
      (address) => `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port ?? port}`,
    ),
  );
  return { driver, machines, name, label: name === '' ? hosts : say`${name} on ${hosts}` };
}

/** Groups of servers by the database they use, found without comparing each with each. */
export interface DatabaseIndex<T> {
  /** The first group whose database this is, as far as can be told. */
  find(database: Database): T | undefined;
  add(database: Database, group: T): void;
}

export function createDatabaseIndex<T>(): DatabaseIndex<T> {
  const known = new Map<string, { readonly order: number; readonly group: T }>();
  let order = 0;
  return {
    find(database) {
      const found = keysToFind(database).flatMap((key) => known.get(key) ?? []);
      return found.sort((a, b) => a.order - b.order)[0]?.group;
    },
    add(database, group) {
      order += 1;
      for (const key of keysToAdd(database)) if (!known.has(key)) known.set(key, { order, group });
    },
  };
}

// A server may know a single one of the voters, each server another one; and one of both is enough.
function isCluster({ driver }: Database): boolean {
  return datastoreOfType(driver).voters !== undefined;
}

function keysToFind(database: Database): readonly string[] {
  const { machines, driver, name } = database;
  if (!isCluster(database)) return [wholeKey(database)];
  const key = `${driver} ${name}`;
  return [
    `${key} single`,
    ...(machines.size === 1 ? [`${key} any`] : []),
    ...[...machines].map((machine) => `${key} at ${machine}`),
  ];
}

function keysToAdd(database: Database): readonly string[] {
  const { machines, driver, name } = database;
  if (!isCluster(database)) return [wholeKey(database)];
  const key = `${driver} ${name}`;
  return [
    `${key} any`,
    ...(machines.size === 1 ? [`${key} single`] : []),
    ...[...machines].map((machine) => `${key} at ${machine}`),
  ];
}

function wholeKey({ driver, name, machines }: Database): string {
  return JSON.stringify([driver, name, ...[...machines].sort()]);
}
