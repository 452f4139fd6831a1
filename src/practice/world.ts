import type { PracticeClock } from './clock';
import type { PracticeListener } from './events';
import type { K3sCluster, ServerRun } from './k3s/cluster';
import type { Database } from './k3s/database';
import type { SnapshotState } from './k3s/snapshotState';
import type { PracticeHost } from './machine/host';
import type { PracticeDatabaseOptions, PracticeLoadBalancerOptions } from './options';

/** Everything that exists in one fleet. Nothing is shared between fleets. */
export interface World {
  readonly clock: PracticeClock;
  readonly emit: PracticeListener;
  readonly hosts: ReadonlyMap<string, PracticeHost>;
  readonly loadBalancer?: PracticeLoadBalancerOptions;
  readonly databaseOptions: readonly PracticeDatabaseOptions[];
  readonly databases: Map<string, Database>;
  /** Addresses of databases that are down, also before a server has asked for them. */
  readonly databasesDown: Set<string>;
  /** Servers whose port is open. */
  readonly services: Set<ServerRun>;
  readonly clusters: Set<K3sCluster>;
  /** What can be restored, by the sha256 of the files that hold it. */
  readonly snapshots: Map<string, SnapshotState>;
  /** Places that nothing reaches: host ids, `load-balancer`. */
  readonly cut: Set<string>;
  /** Pairs of groups that cannot reach each other: host ids, `load-balancer`, database addresses. */
  partitions: readonly (readonly [ReadonlySet<string>, ReadonlySet<string>])[];
  /** Connections that the load balancer has handed out, for its round robin. */
  turns: number;
  /** Power off, the time of a boot, power on. */
  readonly reboot: (host: string) => Promise<void>;
  /** Aborted when the fleet stops. */
  readonly signal: AbortSignal;
}
