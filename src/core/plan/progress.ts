import { later, said } from '../base/say';
import type { Plan } from './plan';
import type { Phase, StepState } from './step';
import type { RunEvent } from './events';

/** A step of a run on its host. */
export interface StepProgress {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
}

/** How far a run is on one host. */
export interface NodeProgress {
  /** Of its steps together: the worst of those that ended badly, else what goes on, else what is left. */
  readonly state: StepState;
  /** What it does, waits for or failed at. */
  readonly words: string;
  /** What the running step is to its host. */
  readonly phase?: Phase;
  /** In the order of the plan. */
  readonly steps: readonly StepProgress[];
}

/** By node id. */
export type RunProgress = ReadonlyMap<string, NodeProgress>;

/** A run that has not begun: every step is still to do. */
export function progressOf({ steps }: Plan): RunProgress {
  const nodes = [...new Set(steps.map(({ about }) => about))];
  return new Map(
    nodes.map((node) => [
      node,
      {
        state: 'pending',
        words: 'waiting',
        steps: steps
          .filter(({ about }) => about === node)
          .map(({ id, says }) => ({ id, title: says.title, state: 'pending' })),
      },
    ]),
  );
}

/** The same run after `event`. */
export function advance(progress: RunProgress, event: RunEvent, { steps }: Plan): RunProgress {
  const before = progress.get(event.node);
  if (before === undefined || event.type === 'output') return progress;
  const step = steps.find(({ id }) => id === event.step);
  const phase = step === undefined ? {} : { phase: step.phase };
  if (event.type === 'progress')
    return new Map([...progress, [event.node, { ...before, ...phase, state: 'running', words: event.message }]]);
  const own = before.steps.map((other) => (other.id === event.step ? { ...other, state: event.state } : other));
  const state = together(own);
  const words =
    state === 'running'
      ? (step?.says.doing ?? '')
      : (event.problem?.message ?? (BAD.has(state) ? before.words : said(WORDS[state])));
  return new Map([...progress, [event.node, { state, words, ...(state === 'running' ? phase : {}), steps: own }]]);
}

/** The same run when it is over: what was not carried out will not be. */
export function ended(progress: RunProgress): RunProgress {
  const over = (steps: readonly StepProgress[]): readonly StepProgress[] =>
    steps.map((step) =>
      step.state === 'pending' || step.state === 'running' ? { ...step, state: 'cancelled' } : step,
    );
  return new Map(
    [...progress].map(([id, node]) => {
      if (node.state !== 'pending' && node.state !== 'running') return [id, node];
      const steps = over(node.steps);
      const state = together(steps);
      return [id, { state, words: said(WORDS[state]), steps }];
    }),
  );
}

/** Whether all of a run was carried out. */
export function isFinished(progress: RunProgress): boolean {
  return [...progress.values()].every(({ state }) => state === 'done');
}

/** Whether a host failed, or may have. */
export function hasFailed(progress: RunProgress): boolean {
  return [...progress.values()].some(({ state }) => BAD.has(state));
}

/** Whether something of a run was carried out. */
export function hasBegun(progress: RunProgress): boolean {
  return [...progress.values()].some(({ steps }) => steps.some(({ state }) => state === 'done'));
}

/** Whether a host is at work or will be. */
export function isActive(progress: RunProgress): boolean {
  return [...progress.values()].some(({ state }) => state === 'running' || state === 'pending');
}

const BAD: ReadonlySet<StepState> = new Set(['failed', 'unknown']);

const WORDS: Readonly<Record<StepState, string>> = {
  pending: later`waiting`,
  running: later`at work`,
  done: later`done`,
  failed: later`failed`,
  unknown: later`outcome unknown`,
  skipped: later`skipped: what it waits for did not succeed`,
  cancelled: later`cancelled`,
};

function together(steps: readonly StepProgress[]): StepState {
  const worst = (['failed', 'unknown', 'running', 'skipped', 'cancelled', 'pending'] as const).find((state) =>
    steps.some((step) => step.state === state),
  );
  return worst ?? 'done';
}
