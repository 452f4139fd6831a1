import type { Problem } from '../base/problem';
import type { FileDifference } from './difference';

/** A machine by the name that people know it under: the id of a node of the file, or of another host. */
export type MachineId = string;

/** What a step is to its host: `check` looks, `stage` lays ready what nothing uses yet, `restore` cleans up or goes back. */
export type Phase = 'check' | 'stage' | 'change' | 'wait' | 'restore';

/** Name of a guard of the engine: a question that is asked right before a step, and can refuse it. */
export type GuardId = 'quorum' | 'api-answers';

/** What a step holds while it takes a server away from the others. */
export const SERVER_DOWN = 'server down';

/** Something that steps must not all use at once; at most `limit` (1) of those that hold it run at the same time. */
export interface Hold {
  readonly what: string;
  readonly limit?: number;
}

/** What views say of a step; none of them knows kinds. */
export interface StepText {
  /** What will happen, e.g. `Start k3s and wait until it is ready`. */
  readonly title: string;
  /** Why it is needed, after "because". */
  readonly reason: string;
  /** While it goes on, e.g. `starting`. */
  readonly doing: string;
  /** In sentences that count hosts, e.g. `start K3s on`; empty for a step that changes nothing. */
  readonly counted: string;
}

/** One piece of work on one machine, as pure data without secrets. */
export interface Step<I extends object = object> {
  /** `<kind>:<machine>` or `<kind>:<machine>:<subject>`; unique in a plan. */
  readonly id: string;
  readonly kind: string;
  /** Where it runs. */
  readonly on: MachineId;
  /** Where views show it. */
  readonly about: MachineId;
  readonly input: I;
  readonly says: StepText;
  readonly phase: Phase;
  /** What changes in files, line by line. */
  readonly differences: readonly FileDifference[];
  /** Ids of the steps that have to be done before. */
  readonly after: readonly string[];
  /** Runs also when what it waits for failed or was cancelled, as soon as that has begun and ended. */
  readonly always?: true;
  /** Once it has begun it is carried through: a cancel waits for its end. */
  readonly whole?: true;
  readonly guards: readonly GuardId[];
  readonly holds: readonly Hold[];
  /** Rough duration for ordering, in milliseconds; not a promise. */
  readonly estimateMs: number;
}

/** `unknown`: the connection was lost before the outcome was known. `skipped`: something it waits for did not succeed. */
export type StepState = 'pending' | 'running' | 'done' | 'failed' | 'unknown' | 'skipped' | 'cancelled';

/** How a step ended. `unknown`: the connection went away, so nobody can say whether it was carried out. */
export type StepOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'unknown'; readonly problem: Problem }
  | { readonly kind: 'cancelled' };
