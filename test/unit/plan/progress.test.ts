import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import type { Plan } from '../../../src/core/plan/plan';
import type { RunEvent } from '../../../src/core/plan/events';
import {
  advance,
  ended,
  hasBegun,
  hasFailed,
  isActive,
  isFinished,
  progressOf,
  type RunProgress,
} from '../../../src/core/plan/progress';
import { install } from '../../../src/engine/steps/install';
import { start } from '../../../src/engine/steps/start';

const machines = ['a', 'b'].map((id) => ({ id, host: id, ssh: { identityFiles: [] } }));
const steps = machines.flatMap((machine) => [
  install.step(machine, { role: 'server', release: 'v1.36.3+k3s1' }, ''),
  start.step(machine, { role: 'server' }, ''),
]);

const PLAN: Plan = {
  clusterName: 'edge',
  machines,
  steps,
  problems: [],
  notes: [],
};

const at = (
  id: string,
  state: 'running' | 'done' | 'failed' | 'unknown' | 'skipped' | 'cancelled',
  message?: string,
): RunEvent => ({
  type: 'step',
  step: id,
  node: id.slice(-1),
  state,
  ...(message === undefined ? {} : { problem: problem('example', message) }),
});

const after = (...events: RunEvent[]): RunProgress =>
  events.reduce((run, event) => advance(run, event, PLAN), progressOf(PLAN));

describe('progress of a run', () => {
  it('begins with every step to do', () => {
    expect([...progressOf(PLAN)]).toEqual(
      ['a', 'b'].map((node) => [
        node,
        {
          state: 'pending',
          words: 'waiting',
          steps: [
            {
              id: `install:${node}`,
              title: 'Install and unpack K3s v1.36.3+k3s1 as server',
              state: 'pending',
            },
            { id: `start:${node}`, title: 'Start k3s and wait until it is ready', state: 'pending' },
          ],
        },
      ]),
    );
  });

  it('says what a host does, and what its step waits for', () => {
    expect(after(at('install:a', 'running')).get('a')).toMatchObject({
      state: 'running',
      words: 'installing K3s',
      phase: 'stage',
    });
    const waiting = after(at('install:a', 'running'), {
      type: 'progress',
      step: 'install:a',
      node: 'a',
      message: 'waiting for the download',
    });
    expect(waiting.get('a')).toMatchObject({ state: 'running', words: 'waiting for the download' });
    expect(waiting.get('b')?.words).toBe('waiting');
  });

  it('a host between two steps waits, and is done after the last', () => {
    const between = after(at('install:a', 'running'), at('install:a', 'done'));
    expect(between.get('a')).toMatchObject({ state: 'pending', words: 'waiting' });
    expect(between.get('a')).not.toHaveProperty('phase');
    const done = after(
      at('install:a', 'running'),
      at('install:a', 'done'),
      at('start:a', 'running'),
      at('start:a', 'done'),
    );
    expect(done.get('a')).toMatchObject({ state: 'done', steps: [{ state: 'done' }, { state: 'done' }] });
    expect(isActive(done)).toBe(true);
  });

  it('keeps the words of a failure when later steps are skipped', () => {
    const failed = after(
      at('install:a', 'running'),
      at('install:a', 'failed', 'The disk of a is full.'),
      at('start:a', 'skipped'),
    );
    expect(failed.get('a')).toMatchObject({
      state: 'failed',
      words: 'The disk of a is full.',
      steps: [{ state: 'failed' }, { state: 'skipped' }],
    });
  });

  it('a host that never began says why', () => {
    expect(after(at('install:b', 'skipped'), at('start:b', 'skipped')).get('b')?.words).toBe(
      'skipped: what it waits for did not succeed',
    );
    expect(after(at('install:b', 'cancelled'), at('start:b', 'cancelled')).get('b')?.words).toBe('cancelled');
  });

  it('is over when nothing runs and nothing is left', () => {
    const over = after(
      at('install:a', 'unknown', 'Lost a.'),
      at('start:a', 'skipped'),
      at('install:b', 'cancelled'),
      at('start:b', 'cancelled'),
    );
    expect(isActive(over)).toBe(false);
  });

  it('output and hosts outside of the plan change nothing', () => {
    const start = progressOf(PLAN);
    expect(advance(start, { type: 'output', node: 'a', line: 'x' }, PLAN)).toBe(start);
    expect(advance(start, at('install:z', 'running'), PLAN)).toBe(start);
  });

  it('that is over has nothing left to wait for, and keeps what was done', () => {
    const run = ended(after(at('install:a', 'running'), at('install:a', 'done'), at('install:b', 'running')));
    expect(isActive(run)).toBe(false);
    expect(run.get('a')).toMatchObject({ state: 'cancelled', steps: [{ state: 'done' }, { state: 'cancelled' }] });
    expect(run.get('b')?.steps.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    expect([hasBegun(run), isFinished(run), hasFailed(run)]).toEqual([true, false, false]);
    expect(hasBegun(ended(progressOf(PLAN)))).toBe(false);
  });

  it('is finished when every host is, and failed when one is', () => {
    const all = steps.flatMap(({ id }) => [at(id, 'running'), at(id, 'done')]);
    expect(isFinished(ended(after(...all)))).toBe(true);
    expect(hasFailed(ended(after(at('install:a', 'failed', 'The disk is full.'))))).toBe(true);
  });
});
