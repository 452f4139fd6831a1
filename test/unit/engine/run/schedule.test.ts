import { describe, expect, it } from 'vitest';
import type { Step, StepOutcome } from '../../../../src/core/plan/step';
import { lowerBound } from '../../../../src/core/plan/order';
import { schedule } from '../../../../src/engine/run/schedule';
import type { RunEvent } from '../../../../src/core/plan/events';
import { systemClock } from '../../../../src/adapters/system/clock';

const QUIET = { write: async (): Promise<void> => undefined };

function step(id: string, on: string, after: string[] = [], more: Partial<Step> = {}): Step {
  return {
    id,
    kind: 'example',
    on,
    about: on,
    input: {},
    says: { title: id, reason: '', doing: '', counted: '' },
    phase: 'change',
    differences: [],
    after,
    guards: [],
    holds: [{ what: `machine ${on}` }],
    estimateMs: 10,
    ...more,
  };
}

async function run(
  steps: Step[],
  work: (step: Step, signal: AbortSignal) => Promise<StepOutcome>,
  parallel = 8,
  signal = new AbortController().signal,
): Promise<{ states: Record<string, string>; events: RunEvent[]; result: string }> {
  const events: RunEvent[] = [];
  const report = await schedule(
    steps,
    { run: (one, given) => work(one, given.signal), clock: systemClock, log: QUIET, parallel },
    (event) => events.push(event),
    signal,
  );
  return { states: Object.fromEntries(report.states), events, result: report.result };
}

describe('the schedule', () => {
  it('runs one step at a time on a host, several hosts at once, never more than allowed', async () => {
    const hosts = ['a', 'b', 'c', 'd'];
    const steps = hosts.flatMap((host) => [step(`${host}1`, host), step(`${host}2`, host), step(`${host}3`, host)]);
    const now = new Map<string, number>();
    let most = 0;
    const { result } = await run(
      steps,
      async ({ on }) => {
        now.set(on, (now.get(on) ?? 0) + 1);
        expect(now.get(on)).toBe(1);
        most = Math.max(
          most,
          [...now.values()].reduce((sum, count) => sum + count, 0),
        );
        await systemClock.sleep(5);
        now.set(on, 0);
        return { kind: 'done' };
      },
      3,
    );
    expect(result).toBe('done');
    expect(most).toBe(3);
  });

  it('takes the longest chain first', async () => {
    const steps = [step('short', 'a'), step('head', 'b'), step('tail', 'c', ['head'], { estimateMs: 1000 })];
    const order: string[] = [];
    await run(
      steps,
      async ({ id }) => {
        order.push(id);
        return { kind: 'done' };
      },
      1,
    );
    expect(order).toEqual(['head', 'tail', 'short']);
  });

  it('skips what waits for a failure and finishes the rest', async () => {
    const steps = [
      step('bad', 'a'),
      step('after bad', 'a', ['bad']),
      step('far after', 'c', ['after bad']),
      step('other', 'b'),
    ];
    const { states, result } = await run(steps, async ({ id }) =>
      id === 'bad' ? { kind: 'failed', problem: { code: 'x', message: 'no', nextSteps: [] } } : { kind: 'done' },
    );
    expect(states).toEqual({ bad: 'failed', 'after bad': 'skipped', 'far after': 'skipped', other: 'done' });
    expect(result).toBe('failed');
  });

  it('keeps an unknown outcome unknown', async () => {
    const { states, result } = await run([step('one', 'a')], async () => ({
      kind: 'unknown',
      problem: { code: 'connection-lost', message: 'gone', nextSteps: [] },
    }));
    expect(states).toEqual({ one: 'unknown' });
    expect(result).toBe('failed');
  });

  it('starts nothing new when cancelled', async () => {
    const controller = new AbortController();
    const steps = [step('one', 'a'), step('two', 'a', ['one']), step('three', 'b', ['two'])];
    const { states, result } = await run(
      steps,
      async () => {
        controller.abort();
        return { kind: 'cancelled' };
      },
      8,
      controller.signal,
    );
    expect(states).toEqual({ one: 'cancelled', two: 'cancelled', three: 'cancelled' });
    expect(result).toBe('cancelled');
  });

  it('tells every change of state once', async () => {
    const { events } = await run([step('one', 'a'), step('two', 'b')], async () => ({ kind: 'done' }));
    const told = events.flatMap((event) => (event.type === 'step' ? [`${event.step} ${event.state}`] : []));
    expect(told.sort()).toEqual(['one done', 'one running', 'two done', 'two running']);
  });
});

describe('lowerBound', () => {
  it('is the longest chain of measured times', () => {
    const steps = [step('a', 'h1'), step('b', 'h2', ['a']), step('c', 'h3', ['a']), step('d', 'h1', ['b', 'c'])];
    expect(
      lowerBound(
        steps,
        new Map([
          ['a', 5],
          ['b', 10],
          ['c', 2],
          ['d', 1],
        ]),
      ),
    ).toBe(16);
  });
});
