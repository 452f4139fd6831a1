import { describe, expect, it } from 'vitest';
import { readRunRecord } from '../../../src/core/plan/readRunRecord';
import { begunRecord, endedRecord, type RunRecord } from '../../../src/core/plan/runRecord';
import { comparisonText, resultWords, runRecordText } from '../../../src/core/plan/runRecordText';
import type { RunReport } from '../../../src/core/plan/events';
import type { Plan } from '../../../src/core/plan/plan';
import { clusterOf } from '../../support/cluster';
import { freshFacts, planFor } from '../../support/plans';
import { RAW } from '../../support/raw';

const HEAD = {
  id: '20261127T170501123Z-1a2b3c4d',
  operation: 'Provision Cluster',
  cluster: 'edge',
  by: 'ada@laptop',
  file: { name: 'edge.k3s.yaml', sha256: 'ab'.repeat(32) },
  began: '2026-11-27T17:05:01.123Z',
};

function aPlan(): Plan {
  const cluster = clusterOf();
  return planFor(cluster, freshFacts(cluster));
}

function reportOf(plan: Plan, failing: number, problems: RunReport['problems'] = []): RunReport {
  const steps = plan.steps.map(
    ({ id }, i) => [id, i < failing ? 'done' : i === failing ? 'failed' : 'skipped'] as const,
  );
  return {
    result: failing < steps.length ? 'failed' : 'done',
    states: new Map(steps),
    problems,
    spans: new Map(steps.slice(0, failing).map(([id], i) => [id, { beginMs: i * 100, endMs: i * 100 + 1234 }])),
    wallMs: 5000,
  };
}

const ended = (failing: number, problems?: RunReport['problems']): RunRecord =>
  endedRecord(HEAD, aPlan(), reportOf(aPlan(), failing, problems), '2026-11-27T17:05:09.000Z');

describe('the record of a run', () => {
  it('comes back from its text as it was', () => {
    const record = ended(2, [
      { code: 'x', message: 'no', host: 'server-1', why: 'because', details: ['a'], nextSteps: ['Do.'] },
    ]);
    expect(readRunRecord(JSON.stringify(record))).toEqual(record);
    expect(readRunRecord(JSON.stringify(begunRecord(HEAD, aPlan())))).toEqual(begunRecord(HEAD, aPlan()));
  });

  it.each(['', '{', '[]', 'null', '{"format":2}', '{"format":1,"result":"done","began":"never"}'])(
    'is not what is none: %s',
    (text) => expect(readRunRecord(text)).toBeUndefined(),
  );

  it('says how it ended', () => {
    const all = aPlan().steps.length;
    expect(resultWords(ended(2))).toBe(`failed, 2 of ${all} steps done`);
    expect(resultWords(ended(all))).toBe(`done, ${all} steps`);
    expect(resultWords(begunRecord(HEAD, aPlan()))).toBe(`cut off, or still going on, 0 of ${all} steps done`);
    expect(resultWords(endedRecord(HEAD, { ...aPlan(), steps: [] }, reportOf(aPlan(), 99), HEAD.began))).toBe(
      'done, nothing had to be changed',
    );
  });

  it('is a document with who, what, how it ended and which lines changed', () => {
    const text = runRecordText(ended(99));
    expect(text).toContain('# Provision Cluster: edge\n');
    expect(text).toContain('| Began | 2026-11-27 17:05:01 UTC |\n| Ended | 2026-11-27 17:05:09 UTC |');
    expect(text).toContain('| By | ada\\@laptop |');
    expect(text).toMatch(/\| server-1 \| .* \| done \| 1\.2 \|/);
    expect(text).toMatch(/### server-1: `\/etc\/rancher\/k3s\/config\.yaml` \(new\)\n\n```diff\n\+/);
  });

  it('of another is text and nothing else, wherever it comes from', () => {
    const evil = '|\n# x\n```\n<img src=x> [a](command:b) \u001b[31m \u202e';
    const record = readRunRecord(
      JSON.stringify({
        ...HEAD,
        format: 1,
        result: 'failed',
        operation: evil,
        by: evil,
        steps: [
          {
            id: evil,
            about: evil,
            title: evil,
            reason: evil,
            state: evil,
            differences: [{ path: evil, lines: [evil] }],
          },
        ],
        problems: [{ code: evil, message: evil, nextSteps: [evil] }],
      }),
    );
    const text = runRecordText(record as RunRecord);
    expect(text).not.toMatch(RAW);
    expect(text).not.toMatch(/^# x|^<img|[^\\]<img.*\| failed/m);
    // A block that its own lines could end would leave the rest outside of it.
    expect(text.split('\n').filter((line) => /^`{4,}$/.test(line))).toHaveLength(2);
  });

  it('has less in it the larger it is, and what failed always', () => {
    const { steps } = aPlan();
    const [first] = steps;
    if (first === undefined) throw new Error('a plan has steps');
    const many = Array.from({ length: 3000 }, (_none, i) => ({ ...first, id: `write-config:n${i}`, about: `n${i}` }));
    const plan = { ...aPlan(), steps: many };
    const record = endedRecord(HEAD, plan, reportOf(plan, 2000), HEAD.began);
    expect(JSON.stringify(record).length).toBeLessThanOrEqual(64 * 1024);
    expect(record.steps.map(({ about }) => about)).toEqual(['n2000']);
    expect(record.omitted).toContain('3000 steps');
    expect(runRecordText(record)).toContain('3000 steps');
  });

  it('is compared without what differs between any two', () => {
    const all = aPlan().steps.length;
    const [one, other] = [ended(all), { ...ended(all), id: 'other', began: '2026-11-28T17:05:01.123Z' }];
    expect(comparisonText(one, other)).toContain('Both did the same.');
    const changed = comparisonText(ended(2), ended(all));
    expect(changed).toContain(`-| Result | failed, 2 of ${all} steps done |`);
    expect(changed).toContain(`+| Result | done, ${all} steps |`);
  });
});
