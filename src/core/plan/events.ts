import type { Problem } from '../base/problem';
import type { StepState } from './step';

/** What a run tells while it goes on; everything is masked. */
export type RunEvent =
  | {
      readonly type: 'step';
      readonly step: string;
      readonly node: string;
      readonly state: StepState;
      readonly problem?: Problem;
      readonly durationMs?: number;
    }
  /** A step tells what it is waiting for. */
  | { readonly type: 'progress'; readonly step: string; readonly node: string; readonly message: string }
  | { readonly type: 'output'; readonly node: string; readonly line: string };

export type RunResult = 'done' | 'failed' | 'cancelled';

/** When a step ran, in milliseconds since the first step could begin. */
export interface Span {
  readonly beginMs: number;
  readonly endMs: number;
}

export interface RunReport {
  readonly result: RunResult;
  readonly states: ReadonlyMap<string, StepState>;
  readonly problems: readonly Problem[];
  /** By step, of those that ran. */
  readonly spans: ReadonlyMap<string, Span>;
  /** Milliseconds from the first step to the end of the last one. */
  readonly wallMs: number;
  /** Milliseconds of the lease and the last look before the first step, and of the look after the last one. */
  readonly around?: { readonly beforeMs: number; readonly afterMs: number };
}
