import { describe, expect, it } from 'vitest';
import { countsOfBoth, filesToTryAgain, type VitestReport } from '../../../scripts/lib/secondTry.mjs';

type File = VitestReport['testResults'][number];

/** A file with one test for each mark: `+` passed, `x` failed, `-` skipped; `broken` when something around them failed. */
const file = (name: string, tests: string, broken = false): File => ({
  name: `/project/test/${name}`,
  status: broken || tests.includes('x') ? 'failed' : 'passed',
  assertionResults: [...tests].map((mark, i) => ({
    fullName: ` ${name} test ${i}`,
    status: mark === '+' ? 'passed' : mark === 'x' ? 'failed' : 'skipped',
  })),
});
const report = (...testResults: File[]): VitestReport => ({ testResults });

describe('the second try of a suite on real programs', () => {
  it('is for the files that failed', () => {
    expect(filesToTryAgain(report(file('a', '+x'), file('b', '++'), file('c', '+', true)))).toEqual([
      '/project/test/a',
      '/project/test/c',
    ]);
  });

  it('is for nothing when much failed: that is no accident', () => {
    expect(filesToTryAgain(report(file('a', 'x'), file('b', 'x'), file('c', 'x'), file('d', 'x')))).toEqual([]);
  });

  it('counts what passed, and names what passed only now', () => {
    const first = report(file('a', '+x-'), file('b', '++'));
    expect(countsOfBoth(first, report(file('a', '++-')))).toEqual({
      passed: 4,
      failed: 0,
      skipped: 1,
      why: 'passed only when run again: a test 1',
    });
  });

  it('stays failed when it fails again, and when another test of the file fails now', () => {
    expect(countsOfBoth(report(file('a', '+x')), report(file('a', '+x')))).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
    expect(countsOfBoth(report(file('a', '+x')), report(file('a', 'x+')))).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      why: 'passed only when run again: a test 1',
    });
  });

  it('counts a failure around the tests, and names its file when it is gone', () => {
    expect(countsOfBoth(report(file('a', '--', true)), report(file('a', '--', true)))).toMatchObject({ failed: 1 });
    expect(countsOfBoth(report(file('a', '++', true)), report(file('a', '++')))).toEqual({
      passed: 2,
      failed: 0,
      skipped: 0,
      why: 'passed only when run again: a',
    });
  });

  it('does not take a file for passed that was not run again', () => {
    expect(countsOfBoth(report(file('a', 'x')), report())).toMatchObject({ passed: 0, failed: 1 });
  });
});
