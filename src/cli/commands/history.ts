import { createFiles } from '../../adapters/files/files';
import { formatProblem, problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { count } from '../../core/base/words';
import { comparisonText, resultWords, runRecordText, utc } from '../../core/plan/runRecordText';
import type { RunRecord } from '../../core/plan/runRecord';
import { readHistory, type History } from '../../engine/run/runRecords';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import { cliLog, recordsPath } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { fail, paint, printJson, printLines, table, tell, tellLines } from '../output';
import { openSession } from '../session';
import { LOOK_OPTIONS, type LookOptions } from '../sharedOptions';

export const historyCommand: Command<typeof LOOK_OPTIONS> = {
  name: 'history',
  argument: 'FILE [RUN [RUN]]',
  summary: 'show what was done to a cluster, by whomever: all runs, one of them, or what differs between two',
  options: LOOK_OPTIONS,
  examples: [
    {
      line: 'k3s-ha history cluster.k3s.yaml',
      does: 'the runs that this computer and the servers know, the newest first',
    },
    { line: 'k3s-ha history cluster.k3s.yaml 1 > change.md', does: 'the newest run as Markdown, for a change ticket' },
    { line: 'k3s-ha history cluster.k3s.yaml 2 1', does: 'what the newest run did otherwise than the one before' },
  ],
  run: ([path, ...runs], options, signal) => history(path, runs, options, signal),
};

async function history(
  path: string,
  wanted: readonly string[],
  options: LookOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(options.verbose), options['allow-secrets'], signal);
  try {
    const admitted = await session.secrets.admit();
    if (!admitted.ok) return fail(admitted.error);
    const place = { recordsPath: recordsPath(path), files: createFiles({ followLinks: () => false }) };
    const found = await readHistory(file.cluster, { ...session, ...place, parallel: options.parallel }, signal);
    if (signal.aborted) return EXIT.cancelled;
    for (const silent of found.silent.values()) tellLines(paint('yellow', formatProblem(silent)));
    return show(found, wanted, options.json);
  } finally {
    await session.dispose();
  }
}

function show({ runs }: History, wanted: readonly string[], json: boolean): ExitCode {
  if (wanted.length > 2) return fail(problem('runs-many', 'One run can be shown, or two compared'), EXIT.usage);
  const chosen = wanted.map((word) => chosenRun(runs, word));
  const unknown = chosen.find((one) => !one.ok);
  if (unknown !== undefined && !unknown.ok) return fail(unknown.error, EXIT.usage);
  const [first, second] = chosen.flatMap((one) => (one.ok ? [one.value] : []));
  if (json) printJson(wanted.length === 0 ? { runs } : { runs: [first, second].filter((one) => one !== undefined) });
  else if (first === undefined) list(runs);
  else printLines(second === undefined ? runRecordText(first) : comparisonText(first, second));
  return EXIT.fine;
}

/** A run by its number in the list, 1 being the newest, or by its id. */
function chosenRun(runs: readonly RunRecord[], word: string): Result<RunRecord, Problem> {
  const found = /^\d{1,3}$/.test(word) ? runs[Number(word) - 1] : runs.find(({ id }) => id === word);
  if (found !== undefined) return ok(found);
  return err(
    problem('run-unknown', `There is no run ${word}`, {
      why: runs.length === 0 ? 'Nothing was written down yet.' : `${count(runs.length, 'run')} can be shown.`,
      nextSteps: ['Leave it out to see all runs with their numbers and ids.'],
    }),
  );
}

function list(runs: readonly RunRecord[]): void {
  if (runs.length === 0) return tell('Nothing was written down yet, neither here nor on the servers.');
  const rows = runs.map((run, index) => [
    String(index + 1),
    utc(run.began),
    run.operation,
    run.by,
    run.file.sha256.slice(0, 8),
    resultWords(run),
  ]);
  printLines(table([['', 'BEGAN', 'WHAT', 'BY', 'FILE', 'RESULT'], ...rows]));
}
