import { say } from '../../core/base/say';
import { printableJson } from '../../core/base/printable';
import type { Problem } from '../../core/base/problem';
import type { StepState } from '../../core/plan/step';
import type { Clock, Files, Log } from '../ports';

/** What happened in runs, one JSON object a line. Holds no secret: outcomes of steps are masked before they come here. */
export interface RunLogEntry {
  /** ISO time. */
  readonly at: string;
  readonly run: string;
  readonly event: 'run-start' | 'step' | 'run-end';
  readonly step?: string;
  readonly state?: StepState;
  readonly problem?: Problem;
  readonly summary?: string;
}

export interface RunLog {
  write(entry: Omit<RunLogEntry, 'at' | 'run'>): Promise<void>;
}

/**
 * A journal that appends to `path`. Writing is serialized, so lines never mix. A journal that cannot be written (full
 * disk) does not stop the run: it is told once through `log`, and the next run relies on its probe alone.
 */
export function fileRunLog(files: Files, clock: Clock, log: Log, path: string, run: string): RunLog {
  let last: Promise<void> = Promise.resolve();
  let told = false;
  return {
    write(entry) {
      const line = printableJson({ at: new Date(clock.now()).toISOString(), run, ...entry });
      last = last
        .then(() => files.appendLine(path, line))
        .catch((error: unknown) => {
          if (!told) log.warn(`The journal ${path} cannot be written (${String(error)}); the run goes on without it.`);
          told = true;
        });
      return last;
    },
  };
}

/** Steps of the newest run whose outcome is not known: they had begun, and the run ended or was cut off before they did. */
export function unfinishedSteps(journal: string): string[] {
  const entries = journal.split('\n').flatMap((line) => parse(line));
  const run = entries.at(-1)?.run;
  const states = new Map<string, StepState>();
  for (const entry of entries)
    if (entry.run === run && entry.step !== undefined && entry.state !== undefined) states.set(entry.step, entry.state);
  return [...states].filter(([, state]) => state === 'running' || state === 'unknown').map(([step]) => step);
}

function parse(line: string): RunLogEntry[] {
  if (line.trim() === '') return [];
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? [entry as RunLogEntry] : [];
  } catch {
    // A line cut off by a crash says nothing; the probe decides.
    return [];
  }
}

/** Bytes of the log that are read: many times what one run writes, however old the file is. */
const TAIL = 1024 * 1024;

/** What the last run left open, in words, for the plan's notes. */
export async function unfinishedNotes(files: Pick<Files, 'readEnd'>, path: string): Promise<string[]> {
  const text = await files.readEnd(path, TAIL);
  const steps = text === undefined ? [] : unfinishedSteps(text);
  return steps.length === 0
    ? []
    : [
        say`The last run ended before these steps were known to be done: ${steps.join(', ')}. The hosts have been examined again; this plan finishes the job.`,
      ];
}
