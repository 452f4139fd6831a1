import { createHash } from 'node:crypto';
import { readSimulatedQuestion, type SimulatedReply } from '../../core/datastore/trial/simulation';
import type { DatastoreType } from '../../core/datastore/kind';
import type { PracticeHost } from '../machine/host';
import { hostAt } from '../network';
import type { World } from '../world';
import { loginRefusal } from './database';
import { answersAt } from './externalDatastore';

/*
 * A datastore as a trial meets it: a simulation, which says so. It judges login and content by the cluster file and by what the
 * simulated servers have stored; version, rights and settings are always as K3s wants them.
 */

const PRODUCTS: Partial<Record<DatastoreType, readonly [product: string, version: string]>> = {
  mysql: ['MySQL', '8.4.5'],
  postgres: ['PostgreSQL', '17.5'],
  etcd: ['etcd', '3.5.21'],
  nats: ['NATS', '2.11.0'],
};

/** Whether a connection from a host of the fleet leads to a datastore: nothing else outside of this computer is simulated. */
export function leadsToDatastore(world: World, host: string, port: number): boolean {
  if (hostAt(world, host) !== undefined || host === world.loadBalancer?.address) return false;
  const isHere = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return !isHere || world.databaseOptions.some(({ address }) => address === `${host}:${port}`);
}

/** Answers one line of a trial that a host has sent to a datastore; undefined when nothing answers there. */
export function databaseAnswer(
  world: World,
  { id, addresses }: PracticeHost,
  address: string,
  line: string,
): SimulatedReply | undefined {
  const question = readSimulatedQuestion(line);
  const made = question === undefined ? undefined : PRODUCTS[question.type];
  if (question === undefined || made === undefined || !answersAt(world, id, address)) return undefined;
  const { type, database: name } = question;
  const isSql = type === 'mysql' || type === 'postgres';
  const database = [...world.databases.values()].find(
    (one) => one.addresses.includes(address) && (!isSql || one.key.endsWith(`/${name}`)),
  );
  const sight = { from: addresses[0], known: world.databaseOptions, opened: database?.opened };
  const refusal = loginRefusal(type, [address], question, sight);
  if (refusal !== undefined) return refusal;
  const password = database?.cluster?.password;
  const [product, version] = made;
  return {
    product,
    version,
    exists: database !== undefined,
    bootstrapKeys: password === undefined ? [] : [`/bootstrap/${tokenHash(password)}`],
  };
}

/** As K3s names what the servers of a cluster share. https://github.com/k3s-io/k3s/blob/main/pkg/cluster/encrypt.go */
function tokenHash(password: string): string {
  return createHash('sha256').update(password).digest('hex').slice(0, 12);
}
