import type { Problem } from '../core/base/problem';
import type { EtcdSeen } from '../core/health/etcdAlarm';
import type { CertificateMark } from '../core/health/certificateMarks';
import type { HostDrift } from '../core/health/hostDrift';
import type { KnownSnapshot } from '../core/health/snapshots';
import type { Simulation } from '../core/health/simulation';
import type { Liveness } from '../core/health/liveness';
import type { NodeHealth } from '../core/health/nodeHealth';
import type { Diagnostic } from '../core/language/validate';
import type { Finding } from '../core/rules/rule';
import type { ClusterDocument } from '../core/document/clusterDocument';
import type { Cluster } from '../core/cluster/cluster';
import type { ReadWorkloads } from '../core/workloads/seenWorkloads';
import type { RunProgress } from '../core/plan/progress';

/** What is known of the running cluster behind a file. */
export type LiveState =
  | { readonly kind: 'idle' }
  /** The file is in a virtual workspace: nothing of this computer is used for it, and no machine is contacted. */
  | { readonly kind: 'not-on-disk'; readonly problem: Problem }
  /** No kubeconfig for this cluster is on this machine yet. */
  | { readonly kind: 'no-kubeconfig' }
  /** No server has K3s: there is nothing to connect to. */
  | { readonly kind: 'not-provisioned' }
  /** What answers has another certificate authority than the kubeconfig of this machine. */
  | { readonly kind: 'other-installation' }
  /** The last known nodes are kept, but nothing is said of them. */
  | { readonly kind: 'connecting'; readonly nodes: readonly NodeHealth[] }
  | {
      readonly kind: 'live';
      readonly nodes: readonly NodeHealth[];
      readonly via: string;
      readonly version: string;
      /** How the machines themselves are; absent before the first one was asked. */
      readonly liveness?: Liveness;
    }
  /** The last known nodes are kept, so that a short outage does not empty the view. */
  | {
      readonly kind: 'lost';
      readonly problem: Problem;
      readonly nodes: readonly NodeHealth[];
      /** When the API answered last, e.g. `14:02`; absent when it never did while somebody looked. */
      readonly lastSeen?: string;
      /** How the machines themselves are, although the API does not answer. */
      readonly liveness?: Liveness;
    };

/** The snapshots of a cluster, and when they were read, in milliseconds since 1970. */
export interface SnapshotsSeen {
  readonly list: readonly KnownSnapshot[];
  readonly readAt: number;
}

/** The name of a file; its text is its URI. */
interface FileName {
  toString(): string;
}

/** One cluster file with everything that the views show of it. What does not change stays the same object. */
export interface ClusterState {
  readonly uri: FileName;
  /** The text as it stands there. */
  readonly document: ClusterDocument;
  /** Of the text, or of the last one that could be read. */
  readonly cluster: Cluster;
  readonly findings: readonly Finding[];
  /** Those of them that a check of the machines has found, each with its `machine`; absent before the first one. */
  readonly hostFindings?: readonly Finding[];
  /** Line on which reading the text ended, from 1; then cluster and findings are of the last readable one. */
  readonly unreadable?: number;
  /** What is wrong with the text as it stands there. */
  readonly diagnostics: readonly Diagnostic[];
  readonly live: LiveState;
  /** How long the certificates of machines last, as of the last look over SSH; absent before the first one. */
  readonly certificates?: ReadonlyMap<string, CertificateMark>;
  /** How etcd did at the last look over SSH; absent before the first one. */
  readonly etcd?: EtcdSeen | undefined;
  /** By node id, what the last plan would do there; gone with the next change of the file and with the run. */
  readonly planned: ReadonlyMap<string, readonly string[]>;
  /** Snapshots as they were when somebody looked last; absent before that. */
  readonly snapshots?: SnapshotsSeen;
  /** Where machines were not as the file says, by the last look at them; absent before the first one, and after a run. */
  readonly hostDrift?: HostDrift | undefined;
  /** Workloads as they were when somebody asked last; absent before that. */
  readonly workloads?: ReadWorkloads;
  /** What somebody lets fail in the practice fleet of this window; absent where none plays this file. */
  readonly simulation?: Simulation | undefined;
  /** While a run goes on, and after one that did not succeed. */
  readonly run: RunProgress;
}
