import { describe, expect, it } from 'vitest';
import { createReport, isFailure } from '../../fidelity/report';

describe('a report of fidelity', () => {
  it('fails for a difference that nobody explains, and for no other', () => {
    const report = createReport({
      differs: { known: 'It is meant.' },
      notSimulated: { away: 'Nobody needs it.' },
      notRecorded: { supposed: 'The nearest recording is another one.' },
    });
    report.compare('equal', ['a', 1], ['a', 1]);
    report.compare('known', 1, 2);
    report.compare('new', 1, 2);
    report.absent('away', 'something');
    report.absent('forgotten', 'something else');
    report.unrecorded('supposed', ['something']);
    report.unrecorded('invented', ['something']);
    expect(report.findings().map(({ id, verdict }) => [id, verdict])).toEqual([
      ['equal', 'same'],
      ['known', 'differs'],
      ['new', 'unexplained'],
      ['away', 'not simulated'],
      ['forgotten', 'unexplained'],
      ['supposed', 'not recorded'],
      ['invented', 'unexplained'],
    ]);
    expect(
      report
        .findings()
        .filter(isFailure)
        .map(({ id }) => id),
    ).toEqual(['new', 'forgotten', 'invented']);
  });

  it('fails for an explanation of what is the same by now, or is compared no longer', () => {
    const report = createReport({
      differs: { mended: 'It was meant.' },
      notSimulated: { gone: 'Nobody needs it.' },
      notRecorded: { recorded: 'There is a recording now.' },
    });
    report.compare('mended', 1, 1);
    expect(report.findings().map(({ id, verdict }) => [id, verdict])).toEqual([
      ['mended', 'explained in vain'],
      ['gone', 'explained in vain'],
      ['recorded', 'explained in vain'],
    ]);
    expect(report.findings().every(isFailure)).toBe(true);
  });

  it('takes lengths for the same that are alike, or as near as a busy computer lets them be', () => {
    const report = createReport({ differs: {}, notSimulated: {}, notRecorded: {} });
    report.compareSeconds('alike', 10, 4, 1);
    report.compareSeconds('near', 0.2, 1.1, 1);
    report.compareSeconds('far', 10, 40, 1);
    expect(report.findings().map(({ verdict }) => verdict)).toEqual(['same', 'same', 'unexplained']);
  });
});
