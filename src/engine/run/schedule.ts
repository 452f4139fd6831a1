import type { Problem } from '../../core/base/problem';
import type { RunEvent, RunReport } from '../../core/plan/events';
import { urgency } from '../../core/plan/order';
import type { Hold, Step, StepState, StepOutcome } from '../../core/plan/step';
import type { Clock } from '../ports';
import type { RunLog } from './runLog';

/** Carries out one step. Never throws for what can go wrong on a host. */
export type StepRunner = (step: Step, run: StepRun) => Promise<StepOutcome>;

/** What the schedule gives to a step that begins. */
export interface StepRun {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  readonly stateOf: (step: string) => StepState | undefined;
}

export interface ScheduleDependencies {
  readonly run: StepRunner;
  readonly clock: Clock;
  readonly log: RunLog;
  /** Steps at the same time over all hosts. */
  readonly parallel: number;
}

const OVER: ReadonlySet<StepState> = new Set(['done', 'failed', 'unknown', 'skipped', 'cancelled']);
const BAD: ReadonlySet<StepState> = new Set(['failed', 'unknown', 'skipped', 'cancelled']);

/**
 * Runs steps, the most urgent first, `parallel` in all; knows only what they wait for and what they hold. What does not
 * depend on a failure goes on. When cancelled, nothing new starts and what runs stops waiting; only steps that are
 * always run still are, if something that they wait for has begun.
 */
export async function schedule(
  steps: readonly Step[],
  deps: ScheduleDependencies,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunReport> {
  const begin = deps.clock.now();
  const states = new Map<string, StepState>(steps.map(({ id }) => [id, 'pending']));
  const began = new Set<string>();
  const durations = new Map<string, number>();
  const problems: Problem[] = [];
  const order = urgency(steps);
  const running = new Map<string, Promise<void>>();
  const held = new Map<string, number>();

  const settle = async (step: Step, state: StepState, problem?: Problem): Promise<void> => {
    states.set(step.id, state);
    const durationMs = durations.get(step.id);
    onEvent({
      type: 'step',
      step: step.id,
      node: step.about,
      state,
      ...(problem === undefined ? {} : { problem }),
      ...(durationMs === undefined ? {} : { durationMs }),
    });
    await deps.log.write({ event: 'step', step: step.id, state, ...(problem === undefined ? {} : { problem }) });
  };

  const launch = async (step: Step): Promise<void> => {
    const started = deps.clock.now();
    began.add(step.id);
    await settle(step, 'running');
    const outcome = await deps.run(step, {
      // What puts things right is not cut off: it has time limits of its own.
      signal: step.always === true ? new AbortController().signal : signal,
      progress: (message) => onEvent({ type: 'progress', step: step.id, node: step.about, message }),
      stateOf: (id) => states.get(id),
    });
    durations.set(step.id, deps.clock.now() - started);
    if (outcome.kind === 'done' || outcome.kind === 'cancelled') return settle(step, outcome.kind);
    problems.push(outcome.problem);
    return settle(step, outcome.kind, outcome.problem);
  };

  const state = (id: string): StepState => states.get(id) ?? 'skipped';
  const isOver = (step: Step): boolean => step.after.every((before) => OVER.has(state(before)));
  const isDoomed = (step: Step): boolean =>
    step.always === true
      ? isOver(step) && !step.after.some((before) => began.has(before))
      : step.after.some((before) => BAD.has(state(before)));
  const isReady = (step: Step): boolean =>
    step.always === true ? isOver(step) : step.after.every((before) => state(before) === 'done');
  const isFree = ({ what, limit = 1 }: Hold): boolean => (held.get(what) ?? 0) < limit;
  const hold = (step: Step, by: number): void => {
    for (const { what } of step.holds) held.set(what, (held.get(what) ?? 0) + by);
  };

  await deps.log.write({ event: 'run-start', summary: `${steps.length} steps` });
  for (;;) {
    // In the order of the plan, so that what is skipped takes all that waits for it along.
    for (const step of steps) {
      if (state(step.id) !== 'pending') continue;
      if (signal.aborted && step.always !== true) await settle(step, 'cancelled');
      else if (isDoomed(step)) await settle(step, 'skipped');
    }
    const open = steps.filter((step) => state(step.id) === 'pending' && isReady(step));
    for (const step of open.sort((a, b) => (order.get(b.id) ?? 0) - (order.get(a.id) ?? 0))) {
      if (running.size >= deps.parallel) break;
      if (!step.holds.every(isFree)) continue;
      hold(step, 1);
      const work = launch(step).finally(() => {
        running.delete(step.id);
        hold(step, -1);
      });
      running.set(step.id, work);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  const result = resultOf([...states.values()]);
  await deps.log.write({ event: 'run-end', summary: result });
  return { result, states, problems, durations, wallMs: deps.clock.now() - begin };
}

function resultOf(states: readonly StepState[]): RunReport['result'] {
  if (states.every((state) => state === 'done')) return 'done';
  return states.some((state) => state === 'failed' || state === 'unknown') ? 'failed' : 'cancelled';
}
