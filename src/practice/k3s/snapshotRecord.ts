/** What K3s remembers of a snapshot in an ETCDSnapshotFile. */
export interface SnapshotRecord {
  readonly name: string;
  readonly node: string;
  readonly location: string;
  readonly size: number;
  readonly created: string;
  readonly tokenHash: string;
}
