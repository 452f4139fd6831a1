import { problem, type Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import type { HostFacts } from '../../core/facts/probe';
import type { FileDifference } from '../../core/plan/difference';
import type { GuardId, Hold, MachineId, Phase, Step, StepOutcome, StepState } from '../../core/plan/step';
import type { InstallScript } from '../../core/remote/install';
import type { ByteInput, RemoteCommand } from '../../core/remote/remoteCommand';
import type { DrillWatch } from '../drill/drillWatch';
import type { BalancerContent } from '../planning/balancers';
import type { NodeContent } from '../planning/desired';
import type { Clock, HostTarget, LocalProgram, ProgramRun, RemoteOutcome, ShownCertificate } from '../ports';
import type { RunMask } from '../run/mask';
import type { CopiedSnapshot, CopyOptions } from '../snapshots/copiedSnapshot';

/** A host that steps run on: a node of the file, or another machine that is reached like one. */
export type Machine = HostTarget;

/** What a step says of a snapshot that is to come to this computer. */
export interface CopyHere extends Pick<CopyOptions, 'snapshot' | 'onReceived'> {
  readonly from: MachineId;
  /** Of this computer, as the person has named it. */
  readonly folder: string;
}

/** All that a step, and a guard before it, may know and do. Every call is cancellable and turns trouble into an outcome. */
export interface StepContext {
  readonly cluster: Cluster;
  /** The machine that the step runs on. */
  readonly machine: Machine;
  readonly facts: ReadonlyMap<MachineId, HostFacts>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Longest time that K3s may take to start on a host, in milliseconds. */
  readonly startTimeoutMs: number;
  /** What the outcome of a step says goes through it, too: it is told, kept and written down. */
  readonly mask: RunMask;
  /** Secrets that are masked in whatever a host answers. */
  readonly secrets: readonly string[];
  readonly progress: (message: string) => void;
  /** The node of the file that is this machine; throws when there is none, for then the plan is wrong. */
  node(id: MachineId): ClusterNode;
  /** What is to stand on a node. Holds secrets. */
  content(id: MachineId): NodeContent;
  /** What is to stand on a machine of the load balancer; throws when it is none. Holds secrets. */
  balancer(id: MachineId): BalancerContent;
  /** The same as it is to be when the operation has ended. */
  balancerAfter(id: MachineId): BalancerContent;
  /** A machine of the file, whether K3s runs there or not; throws when there is none. */
  reach(id: MachineId): Machine;
  /** The install script that the plan named; throws when it named none, for then the plan is wrong. */
  installScript(): InstallScript;
  /** How another step of the run stands; undefined when the plan has no such step. */
  stateOf(step: string): StepState | undefined;
  /** Hash of the certificate authority that a running server has; undefined when it does not tell. */
  caHash(server: ClusterNode): Promise<string | undefined>;
  /** Runs a program on this computer that the person has agreed to. */
  here(program: LocalProgram & Pick<ProgramRun, 'env' | 'timeoutMs'>): Promise<StepOutcome>;
  /** A file of this computer that the person has named, as long as it still has this sha256. */
  readHere(path: string, sha256: string): Promise<Result<ByteInput, Problem>>;
  /** Copies a snapshot of the cluster to this computer. */
  copyHere(options: CopyHere): Promise<Result<CopiedSnapshot, Problem>>;
  /** The certificate that the API of a server shows to this computer, through SSH. */
  shownBy(server: ClusterNode): Promise<Result<ShownCertificate, Problem>>;
  /** Who asks the fixed address while a drill goes on; absent in every other run. */
  readonly drill?: DrillWatch;
  on<T>(machine: Machine, command: RemoteCommand<T>): Promise<RemoteOutcome<T>>;
}

/** Who watches a drill; throws when nobody does, for then the run is wrong. */
export function drillOf({ drill }: StepContext): DrillWatch {
  if (drill === undefined) throw new Error('a part is to be taken away, and nobody watches');
  return drill;
}

/** What a planner may say about a step beyond its kind. */
export interface StepOptions {
  /** Where views show it, when that is not where it runs. */
  readonly about?: MachineId;
  readonly after?: readonly string[];
  readonly always?: true;
  readonly guards?: readonly GuardId[];
  readonly holds?: readonly Hold[];
  readonly differences?: readonly FileDifference[];
}

/** One kind of work: how it is planned (pure) and how it is carried out. Never throws for what can go wrong on a host. */
export interface StepKind<I extends object> extends RunnableKind<I> {
  step(on: Machine, input: I, reason: string, options?: StepOptions): Step<I>;
}

/** The half of a kind that a run needs. */
export interface RunnableKind<I extends object> {
  readonly kind: string;
  run(input: I, at: StepContext): Promise<StepOutcome>;
}

interface StepDefinition<I extends object> {
  readonly kind: string;
  readonly phase: Phase;
  readonly estimateMs: number;
  /** Title, words while it goes on, and how sentences count it. */
  readonly says: (input: I) => { readonly title: string; readonly doing: string; readonly counted: string };
  /** Tells two steps of this kind on one machine apart. */
  readonly subject?: (input: I) => string;
  /** Once it has begun it is carried through, whoever cancels. */
  readonly whole?: true;
  readonly run: (input: I, at: StepContext) => Promise<StepOutcome>;
}

export function defineStep<I extends object>(definition: StepDefinition<I>): StepKind<I> {
  const { kind, phase, estimateMs, says, subject, whole, run } = definition;
  return {
    kind,
    run,
    step: (on, input, reason, options = {}) => ({
      id: [kind, on.id, ...(subject === undefined ? [] : [subject(input)])].join(':'),
      kind,
      on: on.id,
      about: options.about ?? on.id,
      input,
      says: { ...says(input), reason },
      phase,
      differences: options.differences ?? [],
      after: options.after ?? [],
      ...(options.always === undefined ? {} : { always: options.always }),
      ...(whole === undefined ? {} : { whole }),
      guards: options.guards ?? [],
      holds: [{ what: `machine ${on.id}` }, ...(options.holds ?? [])],
      estimateMs,
    }),
  };
}

/** The outcome of a remote command as the outcome of a step. */
export function ended(outcome: RemoteOutcome<unknown>): StepOutcome {
  return outcome.kind === 'done' ? { kind: 'done' } : { kind: outcome.kind, problem: outcome.problem };
}

/** A failure of a step on a machine. */
export function stepFailed(code: string, on: Machine, message: string, more: Partial<Problem> = {}): StepOutcome {
  return { kind: 'failed', problem: problem(code, message, { host: on.id, ...more }) };
}
