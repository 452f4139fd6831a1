import type { Problem } from '../base/problem';
import { differenceLines, differenceWord } from './difference';
import type { RunReport, RunResult, Span } from './events';
import type { Plan } from './plan';
import type { Step, StepState } from './step';

/** What a run of an operation did, for those who come later. Holds no secret: it is made of a masked plan and report. */
export interface RunRecord {
  readonly format: 1;
  /** Sorts by time; safe as the name of a file. */
  readonly id: string;
  /** As the command is called, e.g. `Provision Cluster`. */
  readonly operation: string;
  readonly cluster: string;
  /** Who ran it and from which machine, e.g. `ada@laptop`. */
  readonly by: string;
  readonly file: FileVersion;
  /** ISO time. */
  readonly began: string;
  /** ISO time; absent when the run was cut off, or still goes on. */
  readonly ended?: string;
  /** `unfinished`: nobody has written down how it ended. */
  readonly result: RunResult | 'unfinished';
  readonly steps: readonly StepRecord[];
  readonly problems: readonly Problem[];
  /** What was left out because the record would have been too large, in words. */
  readonly omitted?: string;
}

/** Which text of which cluster file was carried out. */
export interface FileVersion {
  readonly name: string;
  /** Hex sha256 of its text. */
  readonly sha256: string;
}

export interface StepRecord {
  readonly id: string;
  readonly about: string;
  readonly title: string;
  readonly reason: string;
  readonly state: StepState;
  /** Seconds that it took. */
  readonly seconds?: number;
  readonly differences: readonly DifferenceRecord[];
}

export interface DifferenceRecord {
  readonly path: string;
  readonly word: 'new' | 'changed' | 'removed';
  /** Each begins with `+`, `-` or a blank; `…` stands for lines that are left out. */
  readonly lines: readonly string[];
}

/** What a record says before anything has happened. */
export type RunHead = Pick<RunRecord, 'id' | 'operation' | 'cluster' | 'by' | 'file' | 'began'>;

/** Bytes that a record may have: enough for hundreds of steps, little enough for every server to keep many. */
const LARGEST = 64 * 1024;

/** The record of a run that goes on. */
export function begunRecord(head: RunHead, plan: Plan): RunRecord {
  return bounded({ ...start(head), steps: plan.steps.map((step) => stepRecord(step, 'pending')) });
}

/** The record of a run that has ended; `ended` is an ISO time. */
export function endedRecord(head: RunHead, plan: Plan, report: RunReport, ended: string): RunRecord {
  const { states, spans, result, problems } = report;
  const steps = plan.steps.map((step) => stepRecord(step, states.get(step.id) ?? 'skipped', spans.get(step.id)));
  return bounded({ ...start(head), ended, result, steps, problems });
}

/** How many steps were carried out, of how many. */
export function stepsDone({ steps }: Pick<RunRecord, 'steps'>): readonly [done: number, all: number] {
  return [steps.filter(({ state }) => state === 'done').length, steps.length];
}

function start(head: RunHead): RunRecord {
  return { format: 1, ...head, result: 'unfinished', steps: [], problems: [] };
}

function stepRecord({ id, about, says, differences }: Step, state: StepState, span?: Span): StepRecord {
  return {
    id,
    about,
    title: says.title,
    reason: says.reason,
    state,
    ...(span === undefined ? {} : { seconds: Math.round((span.endMs - span.beginMs) / 100) / 10 }),
    differences: differences.map((difference) => ({
      path: difference.path,
      word: differenceWord(difference),
      lines: differenceLines(difference).map((line) => (line === undefined ? '…' : line.mark + line.text)),
    })),
  };
}

/** The record, with less the larger it is; failures stay. */
function bounded(record: RunRecord): RunRecord {
  const told = ({ state }: StepRecord): boolean => state !== 'done' && state !== 'skipped';
  const shorter = [
    () => record,
    () => ({
      ...record,
      steps: record.steps.map((step) => ({ ...step, differences: [] })),
      omitted: 'The lines that changed in files: there were too many.',
    }),
    () => ({
      ...record,
      steps: record.steps
        .filter(told)
        .slice(0, 50)
        .map((step) => ({ ...step, differences: [] })),
      problems: record.problems.slice(0, 10),
      omitted: `All but what failed: the plan had ${record.steps.length} steps.`,
    }),
  ];
  for (const make of shorter) {
    const found = make();
    if (JSON.stringify(found).length <= LARGEST) return found;
  }
  return { ...record, steps: [], problems: [], omitted: 'Everything but the head: it was too large.' };
}
