import type { RemoteCommand } from '../../core/remote/remoteCommand';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { RunEvent } from '../../core/plan/events';
import type { Clock, RemoteHosts, RemoteOutcome } from '../ports';
import type { PreparedPlan } from '../run/prepare';
import type { RunMask } from '../run/mask';

/** What the steps of a run need of the world. */
export interface StepDependencies {
  readonly hosts: RemoteHosts;
  readonly clock: Clock;
  /** Longest time a node may take to start, in milliseconds. */
  readonly startTimeoutMs: number;
  readonly onEvent: (event: RunEvent) => void;
  /** What the outcome of a step says goes through it, too: it is told, kept and written down. */
  readonly mask: RunMask;
}

/** What a step may do on hosts; every call is cancellable and turns trouble into an outcome. */
export interface StepContext {
  readonly prepared: PreparedPlan;
  readonly deps: StepDependencies;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  /** Hash of the certificate authority that a running server has; undefined when it does not tell. */
  caHash(server: ClusterNode): Promise<string | undefined>;
  on<T>(node: ClusterNode, command: RemoteCommand<T>): Promise<RemoteOutcome<T>>;
}
