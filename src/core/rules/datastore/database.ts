import { canonicalAddress } from '../../k3s/cidr';
import { hideReferences, holdsReference } from '../../k3s/dsn';
import type { ClusterNode } from '../../spec/cluster';
import type { WrittenEndpoint } from '../support/datastore';
import { listWords } from '../support/words';
import { isLoopback } from './endpoints';

/** The database behind an endpoint, without the credentials. */
export interface Database {
  readonly driver: string;
  /** Host and port of each machine, in one spelling. */
  readonly machines: ReadonlySet<string>;
  readonly name: string;
  /** For a sentence; never holds a password. */
  readonly label: string;
}

const PORTS: Readonly<Record<string, number>> = { mysql: 3306, postgres: 5432, nats: 4222, etcd: 2379 };

/** The database that `server` reaches by the endpoint; `undefined` when a reference or a mistake hides it. */
export function databaseOf({ text, parsed }: WrittenEndpoint, server: ClusterNode): Database | undefined {
  const { driver, addresses, local } = parsed;
  const port = driver === undefined ? undefined : PORTS[driver];
  const name = driver === undefined ? undefined : databaseName(text, driver);
  if (driver === undefined || port === undefined || name === undefined || local || addresses.length === 0) return undefined;
  if (addresses.some(({ host }) => holdsReference(host))) return undefined;
  const machines = new Set(addresses.map((address) => `${canonicalAddress(isLoopback(address.host) ? server.host : address.host)} ${address.port ?? port}`));
  const hosts = listWords(addresses.map((address) => `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port ?? port}`));
  return { driver, machines, name, label: name === '' ? hosts : `${name} on ${hosts}` };
}

/** Whether both mean one database, as far as can be told. */
export function sameDatabase(a: Database, b: Database): boolean {
  if (a.driver !== b.driver || a.name !== b.name) return false;
  const [fewer, more] = a.machines.size < b.machines.size ? [a.machines, b.machines] : [b.machines, a.machines];
  // A server may know a single member of the etcd or NATS cluster, each server another one.
  if (a.driver === 'etcd' || a.driver === 'nats') return fewer.size === 1 || [...fewer].some((machine) => more.has(machine));
  return fewer.size === more.size && [...fewer].every((machine) => more.has(machine));
}

/** K3s calls the database kubernetes when the endpoint does not. */
function databaseName(endpoint: string, driver: string): string | undefined {
  const text = hideReferences(endpoint);
  if (driver !== 'mysql' && driver !== 'postgres') return '';
  const path = driver === 'mysql' ? text.slice(text.lastIndexOf('/') + 1) : text.slice(text.lastIndexOf('@') + 1).replace(/^[^/]*:\/\//, '').replace(/^[^/?#]*\/?/, '');
  const name = /^[^?#]*/.exec(path)?.[0] ?? '';
  if (holdsReference(name)) return undefined;
  const written = name === '' ? 'kubernetes' : name;
  // K3s writes the names of PostgreSQL databases in lower case.
  return driver === 'postgres' ? written.toLowerCase() : written;
}
