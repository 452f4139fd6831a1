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

export interface RunReport {
  readonly result: RunResult;
  readonly states: ReadonlyMap<string, StepState>;
  readonly problems: readonly Problem[];
  /** Milliseconds by step. */
  readonly durations: ReadonlyMap<string, number>;
  readonly wallMs: number;
}
