/** What has to be known of a snapshot wherever it is restored; holds no secret. */
export interface SnapshotSheet {
  readonly cluster: string;
  readonly snapshot: string;
  readonly size: number;
  readonly sha256: string;
  /** When it was saved. */
  readonly created: string;
  /** Release of K3s on its server: it is restored with the same. */
  readonly version?: string;
  /** Hash of the cluster's certificate authority. */
  readonly caHash?: string;
  /** First 12 digits of the sha256 of each token that opens it; the token itself is where the cluster file says. */
  readonly tokenHashes: readonly string[];
  readonly token?: string;
  readonly savedOn: string;
  readonly servers: readonly { readonly name: string; readonly address: string }[];
}

export interface CopiedSnapshot {
  readonly path: string;
  readonly sheet: SnapshotSheet;
}

/** A snapshot by its name, or the newest of those that were called so, before node and time. */
export type MeantSnapshot = { readonly name: string } | { readonly base: string };

export interface CopyOptions {
  readonly snapshot: MeantSnapshot;
  /** The server to copy it from; any that has it without one. */
  readonly from?: string;
  /** Where it goes, as `place(name)` on this machine. */
  readonly place: (name: string) => string;
  readonly signal?: AbortSignal;
  readonly onReceived?: (bytes: number, size: number) => void;
}
