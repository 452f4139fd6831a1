import type { Problem } from '../../core/base/problem';
import { apply } from './schedule';
import type { RunEvent, RunReport } from '../../core/plan/events';
import { fileJournal, unfinishedSteps } from './runLog';
import type { Clock, Files, Log, RemoteHosts } from '../ports';
import type { PreparedPlan } from './prepare';
import { runMask } from './mask';
import { stepRunner } from '../steps/registry';

export interface ProvisionDependencies {
  readonly hosts: RemoteHosts;
  readonly clock: Clock;
  readonly files: Files;
  readonly log: Log;
  /** Steps at the same time. */
  readonly parallel: number;
  readonly startTimeoutMs: number;
  readonly journalPath: string;
}

/** Carries out a prepared plan and writes the journal. A plan with problems must not get here. */
export async function provision(
  prepared: PreparedPlan,
  deps: ProvisionDependencies,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunReport> {
  const run = new Date(deps.clock.now()).toISOString();
  const journal = fileJournal(deps.files, deps.clock, deps.log, deps.journalPath, run);
  const mask = runMask(prepared.secrets.masks, deps.hosts);
  const tell = (event: RunEvent): void => onEvent(mask.event(event));
  const runner = stepRunner(prepared, {
    hosts: deps.hosts,
    clock: deps.clock,
    startTimeoutMs: deps.startTimeoutMs,
    onEvent: tell,
    mask,
  });
  return apply(prepared.plan.steps, { run: runner, clock: deps.clock, journal, parallel: deps.parallel }, tell, signal);
}

/** Bytes of the journal that are read: many times what one run writes, however old the file is. */
const JOURNAL_TAIL = 1024 * 1024;

/** What the last run left open, in words, for the plan's notes. */
export async function unfinishedNotes(files: Files, journalPath: string): Promise<string[]> {
  const text = await files.readEnd(journalPath, JOURNAL_TAIL);
  const steps = text === undefined ? [] : unfinishedSteps(text);
  return steps.length === 0
    ? []
    : [
        `The last run ended before these steps were known to be done: ${steps.join(', ')}. The hosts have been examined again; this plan finishes the job.`,
      ];
}

/** The problems of a run, the most useful first: failures before lost connections. */
export function mainProblem(report: RunReport): Problem | undefined {
  return report.problems.find((found) => found.code !== 'connection-lost') ?? report.problems[0];
}
