import { embeddedEtcd } from './embeddedEtcd';
import { etcd } from './etcd';
import type { DatastoreKind, DatastoreType } from './kind';
import { mysql } from './mysql';
import { nats } from './nats';
import { postgres } from './postgres';
import { sqlite } from './sqlite';

/** Every kind of datastore, in the order in which they are offered. */
export const DATASTORES: readonly DatastoreKind[] = [embeddedEtcd, mysql, postgres, etcd, nats, sqlite];

const BY_TYPE = new Map(DATASTORES.map((kind) => [kind.type, kind]));
const BY_SCHEME = new Map(DATASTORES.flatMap((kind) => kind.schemes.map((scheme) => [scheme, kind] as const)));

/** What is known of a type. */
export function datastoreOfType(type: DatastoreType): DatastoreKind {
  const kind = BY_TYPE.get(type);
  if (kind === undefined) throw new Error(`no datastore kind ${type}`);
  return kind;
}

/** The kind that K3s takes an endpoint for by its scheme (lower case, without `://`); undefined for any other scheme. */
export function datastoreOfScheme(scheme: string): DatastoreKind | undefined {
  return BY_SCHEME.get(scheme);
}
