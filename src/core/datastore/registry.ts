import { embeddedEtcd } from './embeddedEtcd';
import { etcd } from './etcd';
import type { DatastoreKind, DatastoreType } from './kind';
import { mysql } from './mysql';
import { nats } from './nats';
import { postgres } from './postgres';
import { sqlite } from './sqlite';

/** Every kind of datastore, in the order in which they are offered. */
export const DATASTORES: readonly DatastoreKind[] = [embeddedEtcd, mysql, postgres, etcd, nats, sqlite];

interface DatastoreIndex {
  /** What is known of a type. */
  datastoreOfType(type: DatastoreType): DatastoreKind;
  /** The kind that K3s takes an endpoint for by its scheme (lower case, without `://`); undefined for any other scheme. */
  datastoreOfScheme(scheme: string): DatastoreKind | undefined;
}

/** Finds kinds by what names them in a file. */
export function datastoreIndex(kinds: readonly DatastoreKind[]): DatastoreIndex {
  const byType = new Map(kinds.map((kind) => [kind.type, kind]));
  const byScheme = new Map(kinds.flatMap((kind) => kind.schemes.map((scheme) => [scheme, kind] as const)));
  return {
    datastoreOfType(type) {
      const kind = byType.get(type);
      if (kind === undefined) throw new Error(`no datastore kind ${type}`);
      return kind;
    },
    datastoreOfScheme: (scheme) => byScheme.get(scheme),
  };
}

export const { datastoreOfType, datastoreOfScheme } = datastoreIndex(DATASTORES);
