import type { Problem } from '../../core/base/problem';
import type { RunEvent, RunReport, Span } from '../../core/plan/events';
import { urgency } from '../../core/plan/order';
import { holdsOf } from '../../core/plan/places';
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
  /** Hosts that are prepared at the same time; see `holdsOf`. */
  readonly parallel: number;
}

const OVER: ReadonlySet<StepState> = new Set(['done', 'failed', 'unknown', 'skipped', 'cancelled']);
const BAD: ReadonlySet<StepState> = new Set(['failed', 'unknown', 'skipped', 'cancelled']);

/**
 * Runs steps, the most urgent first; knows only what they wait for and what they hold. What does not depend on a failure
 * goes on. When cancelled, nothing new starts and what runs stops waiting; only steps that are
 * always run still are, if something that they wait for has begun.
 */
export async function schedule(
  steps: readonly Step[],
  deps: ScheduleDependencies,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunReport> {
  const { parallel } = deps;
  const begin = deps.clock.now();
  const states = new Map<string, StepState>(steps.map(({ id }) => [id, 'pending']));
  const pending = new Set(steps);
  const began = new Set<string>();
  const spans = new Map<string, Span>();
  const problems: Problem[] = [];
  const order = urgency(steps);
  const running = new Set<Step>();
  const held = new Map<string, number>();
  let wake = (): void => undefined;
  /** What nobody foresaw in a step: it ends the run when the other steps have ended. */
  let broken: { readonly error: unknown } | undefined;

  const settle = async (step: Step, state: StepState, problem?: Problem): Promise<void> => {
    states.set(step.id, state);
    pending.delete(step);
    const span = spans.get(step.id);
    onEvent({
      type: 'step',
      step: step.id,
      node: step.about,
      state,
      ...(problem === undefined ? {} : { problem }),
      ...(span === undefined ? {} : { durationMs: span.endMs - span.beginMs }),
    });
    await deps.log.write({ event: 'step', step: step.id, state, ...(problem === undefined ? {} : { problem }) });
  };

  const launch = async (step: Step): Promise<void> => {
    const beginMs = deps.clock.now() - begin;
    began.add(step.id);
    await settle(step, 'running');
    const outcome = await deps.run(step, {
      // What puts things right, or must not be left half done, is not cut off: it has time limits of its own.
      signal: step.always === true || step.whole === true ? new AbortController().signal : signal,
      progress: (message) => onEvent({ type: 'progress', step: step.id, node: step.about, message }),
      stateOf: (id) => states.get(id),
    });
    spans.set(step.id, { beginMs, endMs: deps.clock.now() - begin });
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
    for (const { what } of holdsOf(step, parallel)) held.set(what, (held.get(what) ?? 0) + by);
  };

  await deps.log.write({ event: 'run-start', summary: `${steps.length} steps` });
  for (;;) {
    const changed = new Promise<void>((resolve) => (wake = resolve));
    // In the order of the plan, so that what is skipped takes all that waits for it along.
    for (const step of pending) {
      if ((broken !== undefined || signal.aborted) && step.always !== true) await settle(step, 'cancelled');
      else if (isDoomed(step)) await settle(step, 'skipped');
    }
    const open = [...pending].filter(isReady);
    for (const step of open.sort((a, b) => (order.get(b.id) ?? 0) - (order.get(a.id) ?? 0))) {
      if (!holdsOf(step, parallel).every(isFree)) continue;
      hold(step, 1);
      running.add(step);
      pending.delete(step);
      void launch(step)
        .catch((error: unknown) => (broken ??= { error }))
        .finally(() => {
          running.delete(step);
          hold(step, -1);
          wake();
        });
    }
    if (running.size === 0) break;
    await changed;
  }
  if (broken !== undefined) throw broken.error;
  const result = resultOf([...states.values()]);
  await deps.log.write({ event: 'run-end', summary: result });
  return { result, states, problems, spans, wallMs: deps.clock.now() - begin };
}

function resultOf(states: readonly StepState[]): RunReport['result'] {
  if (states.every((state) => state === 'done')) return 'done';
  return states.some((state) => state === 'failed' || state === 'unknown') ? 'failed' : 'cancelled';
}
