import type { K3sCluster } from './cluster';
import type { NodeObject } from './nodeStore';
import type { SnapshotRecord } from './snapshotRecord';

/** What of a cluster is in its snapshots. */
export interface SnapshotState {
  readonly cluster: K3sCluster;
  readonly nodes: readonly NodeObject[];
  readonly nodePasswords: readonly (readonly [string, string])[];
  readonly names: readonly string[];
  readonly addons: readonly (readonly [string, string])[];
  readonly snapshots: readonly SnapshotRecord[];
}
