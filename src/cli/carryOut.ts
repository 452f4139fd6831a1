import { createFiles } from '../adapters/files/files';
import { systemClock } from '../adapters/system/clock';
import { operator } from '../adapters/system/operator';
import { sha256 } from '../adapters/system/sha256';
import { formatProblem, type Problem } from '../core/base/problem';
import type { Result } from '../core/base/result';
import type { RunEvent, RunReport } from '../core/plan/events';
import type { Plan } from '../core/plan/plan';
import { planText } from '../core/plan/planText';
import type { Step } from '../core/plan/step';
import { timingsOf, type Timings } from '../core/plan/timings';
import { timingsText } from '../core/plan/timingsText';
import type { Wanted } from '../engine/operations/operation';
import { releaseBefore } from '../engine/planning/releaseBefore';
import type { DrillWatch } from '../engine/drill/drillWatch';
import type { PreparedPlan } from '../engine/run/prepare';
import type { Situation } from '../engine/planning/situation';
import { mainProblem, runOperation } from '../engine/run/runOperation';
import { tellAddressFaults } from './addressFaults';
import { agree, type Consent } from './agree';
import { applicableFile } from './applicableFile';
import { cliLog, fileVersion, journalPath, recordsPath, type ClusterFile } from './context';
import { EXIT, type ExitCode } from './exitCodes';
import { owing } from './interrupt';
import { flag, positive, type ValuesOf } from './option';
import { owedSteps } from './owedSteps';
import { fail, paint, printJson, printLines, tell, tellLines } from './output';
import { prepareFile } from './prepareFile';
import { openSession, type Session } from './session';
import { ALLOW_PROGRAMS, ALLOW_SECRETS, CLUSTER_NAME, JSON_OUTPUT, PARALLEL, VERBOSE } from './sharedOptions';

/** The options of every command that changes machines. */
export const RUN_OPTIONS = {
  yes: flag({ short: 'y', help: 'carry the plan out without a question' }),
  json: JSON_OUTPUT,
  'allow-secrets': ALLOW_SECRETS,
  'allow-programs': ALLOW_PROGRAMS,
  verbose: VERBOSE,
  parallel: PARALLEL,
  timings: flag({ help: 'show where the time of the run went' }),
  'start-timeout': positive({
    value: 'S',
    preset: '600',
    of: 'a number of seconds',
    help: 'seconds that K3s may take to start on a host',
  }),
};

/** The same for what needs more than a yes. */
export const NAMED_RUN_OPTIONS = {
  ...(Object.fromEntries(Object.entries(RUN_OPTIONS).filter(([name]) => name !== 'yes')) as Omit<
    typeof RUN_OPTIONS,
    'yes'
  >),
  name: CLUSTER_NAME,
};

export type RunOptions = Omit<ValuesOf<typeof RUN_OPTIONS>, 'yes'> & Consent;

/** What is to be done, and what is true when it succeeded. */
export interface Deed extends Wanted {
  readonly done: (plan: Plan, seconds: string) => string;
  /** What follows the person's yes before anything is done, such as writing the file that the plan was made of. */
  readonly agreed?: () => Promise<Result<void, Problem>>;
  /** Who asks the cluster while parts of it are taken away, and what is told of it afterwards, however it ended. */
  readonly watch?: (session: Session) => Promise<Result<DrillWatch, Problem>>;
  readonly watched?: (watch: DrillWatch, prepared: PreparedPlan, report: RunReport) => Promise<ExitCode>;
  /** What follows a run that succeeded, with what was seen on the hosts before it. */
  readonly succeeded?: (situation: Situation) => Promise<ExitCode>;
}

/** Plans, asks, carries out. */
export async function carryOut(path: string, deed: Deed, options: RunOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  return typeof file === 'number' ? file : carryOutFile(file, deed, options, signal);
}

/** The same for a file that has been read. */
export async function carryOutFile(
  file: ClusterFile,
  deed: Deed,
  options: RunOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const log = cliLog(options.verbose);
  const session = openSession(file, log, options['allow-secrets'], signal, options['allow-programs']);
  const { hosts } = session;
  let watch: DrillWatch | undefined;
  try {
    const prepared = await prepareFile(file, session, options.parallel, signal, deed);
    const { plan } = prepared;
    if (signal.aborted) return EXIT.cancelled;
    if (!options.json) printLines(planText(plan));
    if (plan.problems.length > 0) {
      if (options.json) printJson({ result: 'not-ready', problems: plan.problems });
      return EXIT.notReady;
    }
    // When nothing has to be changed, nobody has to be asked: the run only proves that the nodes are Ready.
    if (plan.steps.length > 0 && !(await agree(prepared, options, signal))) return EXIT.cancelled;
    const ready = await deed.agreed?.();
    if (ready?.ok === false) return fail(ready.error);
    const takes = plan.steps.some(({ kind }) => kind === 'take-away');
    const opened = takes ? await deed.watch?.(session) : undefined;
    if (opened?.ok === false) return fail(opened.error, EXIT.notReady);
    watch = opened?.value;
    const steps = new Map(plan.steps.map((step) => [step.id, step]));
    const owed = owedSteps(plan.steps);
    const onEvent = (event: RunEvent): void => {
      owed.note(event);
      if (options.json) printJson(event, 0);
      else show(event, steps, options.verbose);
    };
    const report = await owing(owed.owed, () =>
      runOperation(
        prepared,
        file.cluster,
        {
          hosts,
          databases: session.databases,
          artifacts: session.artifacts,
          downloads: session.downloads,
          handshakes: session.handshakes,
          secrets: session.secrets,
          programs: session.programs,
          ...(watch === undefined ? {} : { drill: watch }),
          sha256,
          clock: systemClock,
          operator: operator(),
          files: createFiles({ followLinks: () => false }),
          log,
          parallel: options.parallel,
          startTimeoutMs: options['start-timeout'] * 1000,
          journalPath: journalPath(file.path),
          recordsPath: recordsPath(file.path),
          fileVersion: fileVersion(file),
        },
        onEvent,
        signal,
      ),
    );
    const told = watch === undefined ? EXIT.fine : await deed.watched?.(watch, prepared, report);
    if (options.timings) tellTimings(timingsOf(plan.steps, report, options.parallel), options.json);
    const before = releaseBefore(prepared, report);
    const code = finish(report, (seconds) => deed.done(plan, seconds), options.json);
    if (code === EXIT.fine && deed.operation.then === 'kubeconfig')
      await tellAddressFaults(file.cluster, session, options.parallel, signal);
    if (before !== undefined && !options.json)
      tell(
        `To go back instead: write ${before} under k3s.version, then restore the snapshot from before: "k3s-ha snapshot list FILE", "k3s-ha snapshot restore FILE before-…".`,
      );
    if (code === EXIT.fine && told !== undefined && told !== EXIT.fine) return told;
    return code === EXIT.fine ? ((await deed.succeeded?.(prepared.situation)) ?? code) : code;
  } finally {
    await watch?.close();
    await session.dispose();
  }
}

function tellTimings(timings: Timings, json: boolean): void {
  if (!json) return tellLines(timingsText(timings).join('\n'));
  const pace = timings.pace.map(({ step, ...times }) => ({ step: step.id, ...times }));
  printJson({ type: 'timings', ...timings, pace }, 0);
}

function show(event: RunEvent, steps: ReadonlyMap<string, Step>, verbose: boolean): void {
  const host = paint('bold', event.node.padEnd(Math.max(...[...steps.values()].map((step) => step.about.length))));
  switch (event.type) {
    case 'output':
      if (verbose) tell(host, '  ', paint('dim', event.line));
      return;
    case 'progress':
      return tell(host, '  ', paint('dim', event.message));
    case 'step': {
      const title = steps.get(event.step)?.says.title ?? event.step;
      const seconds = event.durationMs === undefined ? '' : paint('dim', ` ${(event.durationMs / 1000).toFixed(1)} s`);
      if (event.state === 'running') return;
      const mark = event.state === 'done' ? paint('green', '✓') : paint('red', '✗');
      tell(host, '  ', mark, ` ${title}${event.state === 'done' ? '' : ` (${event.state})`}`, seconds);
      if (event.problem !== undefined) tellLines(paint('red', formatProblem(event.problem)));
    }
  }
}

function finish(report: RunReport, done: (seconds: string) => string, json: boolean): ExitCode {
  const seconds = (report.wallMs / 1000).toFixed(1);
  if (json) printJson({ result: report.result, problems: report.problems, wallMs: report.wallMs });
  if (report.result === 'done') {
    if (!json) tell(paint('green', done(seconds)));
    return EXIT.fine;
  }
  if (report.result === 'cancelled') {
    tell(
      paint(
        'yellow',
        'Cancelled. What is done stays done, and a command that was running may go on on its host; run the same command again to finish.',
      ),
    );
    return EXIT.cancelled;
  }
  const found = mainProblem(report);
  tell(
    paint(
      'red',
      `Failed after ${seconds} s${found === undefined ? '' : `: ${found.message}`}. Run the same command again when the cause is removed; it goes on where it stopped.`,
    ),
  );
  return EXIT.failed;
}
