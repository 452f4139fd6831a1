import type { Cluster } from '../../cluster/cluster';
import type { MachineId } from '../../plan/step';
import type { Severity } from '../../rules/rule';
import type { CertificateMark } from '../certificateMarks';
import type { EtcdSeen } from '../etcdAlarm';
import type { ClusterHealth } from '../clusterHealth';
import type { Liveness } from '../liveness';
import type { KnownSnapshot } from '../snapshots';
import type { LiveId } from './liveIds';

/** What is known of a running cluster while somebody watches it. */
export interface LiveLook {
  readonly cluster: Cluster;
  readonly health: ClusterHealth;
  /** `around`: through SSH, because the fixed address does not answer; `silent`: not at all, and its nodes are of before. */
  readonly api: 'answers' | 'around' | 'silent';
  /** When it answered last, where that is known, e.g. `14:02`. */
  readonly lastSeen?: string;
  readonly liveness?: Liveness;
  readonly certificates?: ReadonlyMap<MachineId, CertificateMark>;
  readonly snapshots?: readonly KnownSnapshot[];
  /** How etcd did at the last look at the machines. */
  readonly etcd?: EtcdSeen;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `14:02`: what ages is told by the time of its beginning, so that no text changes while nothing happens. */
  readonly timeOf: (milliseconds: number) => string;
}

/** One thing that is wrong now. */
export interface LiveReport {
  /** Whose line it stands at; a machine of the file, or a part of it. */
  readonly at: { readonly machine: MachineId } | { readonly part: 'servers' | 'datastore' | 'loadBalancer' };
  readonly message: string;
  readonly severity?: Severity;
}

/** What may be wrong with a cluster while it runs, and what helps. Pure, and never throws. */
export interface LiveProblem {
  /** Stable kebab-case id; also the diagnostic code and the name of its documentation page. */
  readonly id: LiveId;
  readonly severity: Severity;
  /** One line for tables. */
  readonly title: string;
  /** Why it matters and what to do, for the documentation page. */
  readonly rationale: string;
  judge(look: LiveLook): readonly LiveReport[];
}
