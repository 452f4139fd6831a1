import { describe, expect, it } from 'vitest';
import type { Step, StepOutcome } from '../../../../src/core/plan/step';
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
    phase: 'stage',
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

  it('what only waits for its host takes no place of those that are staged', async () => {
    const waiting = ['a', 'b', 'c'].map((host) => step(host, host, [], { phase: 'change' }));
    const staged = [step('d', 'd'), step('e', 'e')];
    let most = 0;
    let running = 0;
    const { result } = await run(
      [...waiting, ...staged],
      async () => {
        running += 1;
        most = Math.max(most, running);
        await systemClock.sleep(5);
        running -= 1;
        return { kind: 'done' };
      },
      1,
    );
    expect([result, most]).toEqual(['done', 4]);
  });

  it('ends what else is at work before a fault that nobody foresaw ends the run', async () => {
    const ended: string[] = [];
    const work = run([step('a', 'a'), step('b', 'b'), step('c', 'c', ['b'])], async ({ id }) => {
      if (id === 'a') throw new Error('never foreseen');
      await systemClock.sleep(5);
      ended.push(id);
      return { kind: 'done' };
    });
    await expect(work).rejects.toThrow('never foreseen');
    expect(ended).toEqual(['b']);
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

/** Runs steps, and ends each when the test says so. */
function stepped(steps: Step[], parallel = 8) {
  const controller = new AbortController();
  const ends = new Map<string, (outcome: StepOutcome) => void>();
  const signals = new Map<string, AbortSignal>();
  const seen: Record<string, string | undefined>[] = [];
  const whole = schedule(
    steps,
    {
      run: ({ id }, { signal, stateOf }) => {
        signals.set(id, signal);
        seen.push(Object.fromEntries(steps.map((other) => [other.id, stateOf(other.id)])));
        return new Promise((resolve) => ends.set(id, resolve));
      },
      clock: systemClock,
      log: QUIET,
      parallel,
    },
    () => undefined,
    controller.signal,
  );
  return {
    cancel: () => controller.abort(),
    signals,
    seen,
    running: () => [...ends.keys()],
    whole,
    async end(id: string, kind: 'done' | 'cancelled' | 'failed' = 'done') {
      await expect.poll(() => ends.has(id)).toBe(true);
      const end = ends.get(id);
      ends.delete(id);
      end?.(kind === 'failed' ? { kind, problem: { code: 'x', message: id, nextSteps: [] } } : { kind });
    },
  };
}

const states = async (whole: ReturnType<typeof stepped>['whole']): Promise<Record<string, string>> =>
  Object.fromEntries((await whole).states);

describe('what steps hold', () => {
  const down = (limit?: number) => ({
    holds: [{ what: 'server down', ...(limit === undefined ? {} : { limit }) }],
  });

  it('keeps them apart on different hosts, and lets others by', async () => {
    const them = stepped([step('a', 'h1', [], down()), step('b', 'h2', [], down()), step('c', 'h3')]);
    await expect.poll(them.running).toEqual(['a', 'c']);
    await them.end('c');
    expect(them.running()).toEqual(['a']);
    await them.end('a');
    await expect.poll(them.running).toEqual(['b']);
    await them.end('b');
    expect((await them.whole).result).toBe('done');
  });

  it('lets as many of them run as the limit says', async () => {
    const them = stepped(['a', 'b', 'c'].map((id) => step(id, id, [], down(2))));
    await expect.poll(them.running).toEqual(['a', 'b']);
    await them.end('b');
    await expect.poll(them.running).toEqual(['a', 'c']);
    await them.end('a');
    await them.end('c');
    await them.whole;
  });

  it('is let go by a step that fails', async () => {
    const them = stepped([step('a', 'h1', [], down()), step('b', 'h2', [], down())]);
    await them.end('a', 'failed');
    await them.end('b');
    expect(await states(them.whole)).toEqual({ a: 'failed', b: 'done' });
  });
});

describe('a step that is always run', () => {
  const ALWAYS = { always: true, phase: 'restore' } as const;
  const change = [step('aside', 'h'), step('restart', 'h', ['aside']), step('back', 'h', ['aside', 'restart'], ALWAYS)];

  it('is run after a failure, and knows how the others ended', async () => {
    const them = stepped([...change, step('next', 'h2', ['restart', 'back'])]);
    await them.end('aside');
    await them.end('restart', 'failed');
    await them.end('back');
    expect(await states(them.whole)).toEqual({ aside: 'done', restart: 'failed', back: 'done', next: 'skipped' });
    expect(them.seen.at(-1)).toMatchObject({ aside: 'done', restart: 'failed', back: 'running' });
  });

  it('is run after what was only begun, when the rest of it is skipped', async () => {
    const them = stepped(change);
    await them.end('aside', 'failed');
    await them.end('back');
    expect(await states(them.whole)).toEqual({ aside: 'failed', restart: 'skipped', back: 'done' });
  });

  it('is run after a cancel and not cut off by it', async () => {
    const them = stepped(change);
    await them.end('aside');
    await expect.poll(them.running).toEqual(['restart']);
    them.cancel();
    expect(them.signals.get('restart')?.aborted).toBe(true);
    await them.end('restart', 'cancelled');
    await expect.poll(them.running).toEqual(['back']);
    expect(them.signals.get('back')?.aborted).toBe(false);
    await them.end('back');
    expect(await states(them.whole)).toEqual({ aside: 'done', restart: 'cancelled', back: 'done' });
    expect((await them.whole).result).toBe('cancelled');
  });

  it('is not run when nothing of what it puts right has begun', async () => {
    const first = step('first', 'h0');
    const them = stepped([first, ...change.map((one, i) => (i === 0 ? { ...one, after: ['first'] } : one))]);
    await them.end('first', 'failed');
    expect(await states(them.whole)).toEqual({
      first: 'failed',
      aside: 'skipped',
      restart: 'skipped',
      back: 'skipped',
    });
  });

  it('is not run when the run was cancelled before anything of it began', async () => {
    const them = stepped([
      step('first', 'h0'),
      ...change.map((one, i) => (i === 0 ? { ...one, after: ['first'] } : one)),
    ]);
    await expect.poll(them.running).toEqual(['first']);
    them.cancel();
    await them.end('first');
    expect(await states(them.whole)).toEqual({
      first: 'done',
      aside: 'cancelled',
      restart: 'cancelled',
      back: 'skipped',
    });
  });
});
