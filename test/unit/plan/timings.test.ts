import { describe, expect, it } from 'vitest';
import type { RunReport, Span } from '../../../src/core/plan/events';
import { lowerBound } from '../../../src/core/plan/order';
import type { Hold, Step } from '../../../src/core/plan/step';
import { timingsOf } from '../../../src/core/plan/timings';
import { timingsText } from '../../../src/core/plan/timingsText';

function step(id: string, about: string, after: readonly string[] = [], holds: readonly Hold[] = []): Step {
  return {
    id,
    kind: 'example',
    on: about,
    about,
    input: {},
    says: { title: `Do ${id}`, reason: '', doing: '', counted: '' },
    phase: 'change',
    differences: [],
    after,
    guards: [],
    holds,
    estimateMs: 10,
  };
}

function spansOf(times: Readonly<Record<string, readonly [number, number]>>): ReadonlyMap<string, Span> {
  return new Map(Object.entries(times).map(([id, [beginMs, endMs]]) => [id, { beginMs, endMs }]));
}

function report(spans: ReadonlyMap<string, Span>, wallMs: number): RunReport {
  return { result: 'done', states: new Map(), problems: [], spans, wallMs, around: { beforeMs: 500, afterMs: 1500 } };
}

describe('the lower bound of a run', () => {
  it('is the longest chain of measured times', () => {
    const steps = [step('a', 'h1'), step('b', 'h2', ['a']), step('c', 'h3', ['a']), step('d', 'h1', ['b', 'c'])];
    expect(lowerBound(steps, spansOf({ a: [0, 5], b: [7, 17], c: [5, 7], d: [20, 21] }), 50)).toBe(16);
  });

  it('is longer where many need what few may use at once', () => {
    const two = [{ what: 'place', limit: 2 }];
    const many = ['b', 'c', 'd', 'e'].map((id) => step(id, id, ['a'], two));
    const steps = [step('a', 'a'), ...many, step('f', 'a', ['b', 'c', 'd', 'e'])];
    const spans = spansOf({ a: [0, 3], b: [3, 13], c: [3, 13], d: [13, 23], e: [13, 23], f: [23, 24] });
    expect(lowerBound(steps, spans, 50)).toBe(3 + 20 + 1);
  });

  it('knows how many hosts are prepared at the same time', () => {
    const staged = ['a', 'b', 'c'].map((id): Step => ({ ...step(id, id), phase: 'stage' }));
    const spans = spansOf({ a: [0, 10], b: [0, 10], c: [10, 20] });
    expect(lowerBound(staged, spans, 2)).toBe(15);
    expect(lowerBound(staged, spans, 3)).toBe(10);
  });

  it('does not count what did not run', () => {
    expect(lowerBound([step('a', 'h1'), step('b', 'h1', ['a'])], spansOf({ a: [0, 5] }), 50)).toBe(5);
  });
});

describe('the timings of a run', () => {
  const first = step('start:server-1', 'server-1');
  const joiner = step('start:server-2', 'server-2', [first.id]);
  const agent = step('start:agent-1', 'agent-1', [first.id]);
  const proof = step('await-nodes:server-1', 'server-1', [joiner.id, agent.id]);
  const steps = [first, joiner, agent, proof];
  const spans = spansOf({
    [first.id]: [0, 20_000],
    [joiner.id]: [22_000, 40_000],
    [agent.id]: [20_000, 30_000],
    [proof.id]: [40_000, 42_000],
  });
  const timings = timingsOf(steps, report(spans, 42_000), 50);

  it('follow the chain that set the pace, with what it was held up by', () => {
    expect(timings.pace.map(({ step: { id }, heldMs }) => [id, heldMs])).toEqual([
      [first.id, 0],
      [joiner.id, 2000],
      [proof.id, 0],
    ]);
    expect(timings).toMatchObject({ totalMs: 44_000, stepsMs: 42_000, boundMs: 40_000 });
  });

  it('are told in words and as a chart', () => {
    expect(timingsText(timings)).toEqual([
      'Where the time went',
      '   0.5 s  lease, and a last look at the hosts',
      '  42.0 s  steps, 1.05 times the 40.0 s that the hosts needed',
      '   1.5 s  a look whether all is as the file says',
      '  44.0 s  in all',
      '',
      'What set the pace (begins at, took)',
      '   0.0 s    20.0 s  server-1  Do start:server-1',
      '  22.0 s    18.0 s  server-2  Do start:server-2, after 2.0 s until others had made way',
      '  40.0 s     2.0 s  server-1  Do await-nodes:server-1',
      '',
      'When each host was worked on (one column is 0.7 s)',
      `server-1  |${'#'.repeat(29)}${' '.repeat(28)}###|`,
      `server-2  |${' '.repeat(31)}${'#'.repeat(27)}  |`,
      `agent-1   |${' '.repeat(28)}${'#'.repeat(15)}${' '.repeat(17)}|`,
    ]);
  });

  it('show a few of many hosts, those that set the pace first', () => {
    const agents = Array.from({ length: 500 }, (_, i) => step(`start:agent-${i + 1}`, `agent-${i + 1}`));
    const times = Object.fromEntries(agents.map(({ id }, i) => [id, [0, 1000 + i] as const]));
    const lines = timingsText(timingsOf(agents, report(spansOf(times), 2000), 50));
    expect(lines.filter((line) => line.includes('|'))).toHaveLength(24);
    expect(lines.find((line) => line.includes('|'))).toContain('agent-500');
    expect(lines.at(-1)).toBe('and 476 more, which ended 1.5 s after the begin');
  });
});
