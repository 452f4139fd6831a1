import type { EndpointParts } from './endpoint/endpointParts';

export type DatastoreType = 'embedded-etcd' | 'mysql' | 'postgres' | 'etcd' | 'nats' | 'sqlite';

/** Where the data are, as commands name it: words that a shell reads as they are. */
export interface CopiedDatastore {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export interface DatastoreCopy {
  readonly save: string;
  /** While K3s is stopped on all servers. */
  readonly restore: string;
}

/** What the product knows of one place in which K3s can keep its state. */
export interface DatastoreKind {
  readonly type: DatastoreType;
  /** The software, e.g. `etcd`. */
  readonly name: string;
  /** The choice in words, e.g. `embedded etcd`. */
  readonly label: string;
  /** Schemes of an endpoint that K3s takes for this kind; the first one is written into new files. */
  readonly schemes: readonly string[];
  /** Port of an endpoint that names none; absent where servers do not connect to anything. */
  readonly port?: number;
  /** `servers`: the data is on the servers themselves. `outside`: the servers share something that the person runs. */
  readonly home: 'servers' | 'outside';
  /** Its parts vote, so that more than half of them have to be there; how a sentence names them, e.g. `etcd members`. */
  readonly voters?: string;
  /** Takes an endpoint apart that holds stand-ins for references; `start` is behind `://`. Absent where there is no endpoint. */
  readEndpoint?(text: string, start: number): EndpointParts;
  /** The commands that copy it and bring a copy back, for K3s has none. Absent where K3s saves snapshots. */
  copy?(from: CopiedDatastore): DatastoreCopy;
  /** An endpoint to begin with; `password` is what stands for the password. */
  template?(password: string): { readonly endpoint: string; readonly label: string };
}
