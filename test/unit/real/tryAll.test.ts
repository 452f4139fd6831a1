import { describe, expect, it } from 'vitest';
import { check, told } from '../../real/check';
import type { RealOperation } from '../../real/operation';
import type { RealCluster } from '../../real/realCluster';
import { isWrong, markdown, rows, type Outcome, type Report } from '../../real/report';
import { tryAll } from '../../real/tryAll';

const SECRET = 'c0ffee1234567890';
const mask = (text: string): string => text.replaceAll(SECRET, '«secret»');

/** Tries operations without a cluster and gives what came of it. */
function outcomesOf(operations: readonly RealOperation[], signal = new AbortController().signal) {
  const silent = { begins: () => undefined, saw: () => undefined, ended: () => undefined };
  return tryAll(operations, { signal } as RealCluster, mask, silent);
}

const fine: RealOperation = {
  id: 'fine',
  does: 'nothing',
  run: async (_, see) => see(check('all of it', true, '3 nodes'), told('client', '7 of 100 failed')),
};
const wrong: RealOperation = {
  id: 'wrong',
  does: 'nothing',
  run: async (_, see) => see(check('members', false, `2, ${SECRET}`)),
};
const broken: RealOperation = {
  id: 'broken',
  does: 'nothing',
  run: async (_, see) => {
    see(check('begun', true, 'yes'));
    throw new Error(`server-1: no answer with ${SECRET}`);
  },
};
const absent: RealOperation = { ...fine, id: 'absent', whyNot: () => 'there is no balancer' };

const reportOf = (outcomes: readonly Outcome[]): Report => ({
  product: 'k3s-ha 1.0.0',
  began: '2026-01-01T00:00:00.000Z',
  spec: 'cluster.k3s.yaml',
  cluster: 'edge|<b>',
  machines: ['server-1'],
  outcomes,
});

describe('trying operations one after another', () => {
  it('goes on after what is fine and past what the cluster cannot show', async () => {
    const outcomes = await outcomesOf([absent, fine]);
    expect(outcomes.map(({ operation, result, why }) => [operation, result, why])).toEqual([
      ['absent', 'not tried', 'there is no balancer'],
      ['fine', 'fine', undefined],
    ]);
    expect(isWrong(reportOf(outcomes))).toBe(false);
  });

  it.each([wrong, broken])('tries nothing after $id, and says why', async (operation) => {
    const outcomes = await outcomesOf([operation, fine]);
    expect(outcomes.map(({ result }) => result)).toEqual(['wrong', 'not tried']);
    expect(outcomes[1]?.why).toBe(`${operation.id} went wrong before`);
    expect(isWrong(reportOf(outcomes))).toBe(true);
  });

  it('keeps what was seen before an error, and no secret', async () => {
    const [outcome] = await outcomesOf([broken]);
    expect(outcome).toMatchObject({ why: 'server-1: no answer with «secret»', checks: [{ what: 'begun' }] });
    expect(JSON.stringify(await outcomesOf([wrong]))).not.toContain(SECRET);
  });

  it('tries nothing more when it is stopped', async () => {
    const outcomes = await outcomesOf([fine], AbortSignal.abort());
    expect(outcomes).toMatchObject([{ result: 'not tried', why: 'it was stopped before' }]);
  });
});

describe('the report of a run on real machines', () => {
  it('has a row for each thing that was seen, the first with the operation', async () => {
    const report = reportOf(await outcomesOf([fine]));
    expect(rows(report).map((row) => row.filter((_, i) => i !== 2))).toEqual([
      ['fine', 'fine', 'fine', 'all of it', '3 nodes'],
      ['', '', '', 'client', '7 of 100 failed'],
    ]);
  });

  it('is a page in which texts of others are no Markdown', async () => {
    const page = markdown(reportOf(await outcomesOf([fine])));
    expect(page).toContain(String.raw`# edge\|\<b\> on real machines: fine`);
    expect(page).toContain('| 3 nodes |');
  });
});
