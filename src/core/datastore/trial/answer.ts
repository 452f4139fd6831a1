import type { Problem } from '../../base/problem';
import type { DatastoreType } from '../kind';

/** How a connection is protected, with PEM texts. */
export interface DatabaseTls {
  /** Authorities that the server's certificate must come from; without it those that everybody trusts. */
  readonly ca?: string;
  /** What the client shows, and its key: a secret. */
  readonly certificate?: string;
  readonly key?: string;
  /** `nothing` takes any certificate, `authority` one for any name. */
  readonly checks: 'nothing' | 'authority' | 'name';
  /** Goes on without encryption when the server has none. */
  readonly optional?: true;
}

/** Where one part of a datastore is and how to log in, as K3s does by its endpoint. Holds secrets. */
export interface DatabaseAccess {
  readonly type: DatastoreType;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The database, or the bucket. */
  readonly database: string;
  readonly tls?: DatabaseTls;
}

/** What a login may do in one place, as databases list it; an absent database means everywhere. */
export interface Grant {
  readonly privilege: string;
  /** A name in which `%` and `_` stand for others. */
  readonly database?: string;
}

/** What a database that let somebody in tells; what it could not be asked is absent. */
export interface DatabaseFacts {
  /** `MySQL`, `MariaDB` … */
  readonly product: string;
  /** `10.11.6` */
  readonly version: string;
  /** Its clock and ours at the same moment, in seconds since 1970. */
  readonly clock?: { readonly theirs: number; readonly ours: number };
  readonly roundTripMs: number;
  /** Whether the database of the endpoint is there. */
  readonly exists: boolean;
  /** Rights that K3s needs and the login lacks; empty when it has all. */
  readonly lacks?: readonly string[];
  /** Why nobody can write at all, e.g. because it is a replica. */
  readonly readOnly?: string;
  /** Keys under which clusters keep what their servers share: `/bootstrap/<hash of the token>`. */
  readonly bootstrapKeys?: readonly string[];
  /** The last revision and the one up to which old ones are gone. */
  readonly revisions?: { readonly last: number; readonly compacted: number };
  /** What K3s may have, and what of that is in use; `kept` is what the setting counts and only superusers get. */
  readonly connections?: { readonly limit: number; readonly used: number; readonly kept?: number };
  /** What else its kind looks at, by the database's own names. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Where a trial ended that got no further. */
export interface DatabaseRefusal {
  readonly at: 'connection' | 'encryption' | 'login' | 'question';
  /** A number or a word of the protocol, of TLS, or of this machine; `timeout` when there was no answer in time. */
  readonly code: string;
  /** In the words of whoever refused. */
  readonly says: string;
  /** What kept the connection from being opened on the server. */
  readonly cause?: Problem;
}

export type DatabaseAnswer =
  | { readonly kind: 'answered'; readonly facts: DatabaseFacts }
  | { readonly kind: 'refused'; readonly refusal: DatabaseRefusal };

/** One part of a datastore, and what it answered. */
export interface TriedDatabase {
  readonly host: string;
  readonly port: number;
  readonly answer: DatabaseAnswer;
}
