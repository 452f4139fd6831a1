import type { DatastoreType } from '../kind';
import type { TrialId } from './ids';
import type { DatabaseAccess, DatabaseFacts, DatabaseRefusal, DatabaseTls } from './answer';

/** TLS files of the endpoint as PEM texts. */
export type TlsTexts = Pick<DatabaseTls, 'ca' | 'certificate' | 'key'>;

/**
 * Something that a person should know before K3s uses a datastore. `stops`: no server would come up with it; `new`: no server is
 * to begin with it, but one that runs already lives with it; `note`: worth knowing.
 */
export interface Finding {
  readonly weight: 'stops' | 'new' | 'note';
  readonly code: TrialId;
  /** What is wrong, as the rest of a sentence that begins with the database: `db.example.com:3306 refuses the user k3s`. */
  readonly says: string;
  /** What it was read from. */
  readonly why?: string;
  readonly nextSteps: readonly string[];
}

/** What of the cluster decides how an answer is judged. */
export interface ClusterContext {
  readonly k3sVersion?: string;
  readonly servers: number;
  /** Hash of the token as K3s names the data of its cluster; absent when the file has no token. */
  readonly tokenHash?: string;
  /** `KINE_DATASTORE_MAX_OPEN_CONNECTIONS`, where the file sets it. */
  readonly openConnections?: number;
}

/** The same, with what the endpoint says. */
export interface TrialContext extends ClusterContext, Pick<DatabaseAccess, 'database' | 'user'> {}

/** What is to be tried from one server. Holds secrets. */
export interface DatastoreQuestion {
  readonly type: DatastoreType;
  /** References are resolved. */
  readonly endpoint: string;
  readonly tls: TlsTexts;
  readonly context: ClusterContext;
  /** How long an answer takes from the server itself. */
  readonly nearMs: number;
  /** The server is one of the practice fleet, and so is its datastore. */
  readonly simulated?: true;
}

/** A finding about one part of a datastore. */
export interface PlacedFinding extends Finding {
  /** `db.example.com:3306` */
  readonly part: string;
}

/** How one kind of datastore is tried and what its answers mean. Pure: an adapter asks. */
export interface DatastoreTrial {
  readonly type: DatastoreType;
  /** Every part that the endpoint names; empty when it names none that can be reached over a network. References are resolved. */
  accesses(endpoint: string, tls: TlsTexts): readonly DatabaseAccess[];
  /** How many of so many parts have to answer. */
  needed(parts: number): number;
  /** Versions that the K3s project tests, as the beginnings that count. https://docs.k3s.io/datastore */
  tested(product: string): readonly string[];
  /** What a refusal means in its protocol; undefined for what means the same everywhere. */
  refused(refusal: DatabaseRefusal, context: TrialContext): Finding | undefined;
  /** What only this kind can have wrong. */
  judge(facts: DatabaseFacts, context: TrialContext): readonly Finding[];
}
