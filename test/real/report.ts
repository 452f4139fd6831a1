import { printableLine } from '../../src/core/base/printable';
import type { Check } from './check';

/** What became of one operation. */
export interface Outcome {
  readonly operation: string;
  readonly result: 'fine' | 'wrong' | 'not tried';
  /** Why it was not tried, or what ended it. */
  readonly why?: string;
  readonly seconds: number;
  readonly checks: readonly Check[];
}

/** All that a run found, without secrets. */
export interface Report {
  readonly product: string;
  readonly began: string;
  readonly spec: string;
  readonly cluster: string;
  readonly fixedAddress?: string;
  readonly machines: readonly string[];
  readonly outcomes: readonly Outcome[];
}

/** Whether anything is not as it should be; what was left out because the cluster cannot show it is no failure. */
export function isWrong({ outcomes }: Report): boolean {
  return outcomes.some(({ result, checks }) => result === 'wrong' || checks.some(({ verdict }) => verdict === 'wrong'));
}

/** Operation, outcome, time, and what was seen: one row a check. */
export function rows({ outcomes }: Report): readonly (readonly string[])[] {
  return outcomes.flatMap((outcome) => {
    const head = [
      outcome.operation,
      outcome.result,
      outcome.result === 'not tried' ? '' : `${outcome.seconds.toFixed(1)} s`,
    ];
    const seen = [
      ...outcome.checks.map(({ what, verdict, found }) => [verdict === 'told' ? '' : verdict, what, found]),
      ...(outcome.why === undefined ? [] : [['', 'why', outcome.why]]),
    ];
    return (seen.length === 0 ? [['', '', '']] : seen).map((cells, i) =>
      [...(i === 0 ? head : ['', '', '']), ...cells].map(printableLine),
    );
  });
}

export const HEAD = ['operation', 'outcome', 'time', '', 'seen from outside', ''] as const;

/** The report as a page. */
export function markdown(report: Report): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const facts = [
    ['product', report.product],
    ['began', report.began],
    ['cluster file', report.spec],
    ['fixed address', report.fixedAddress ?? 'none'],
    ['machines', report.machines.join(', ')],
  ];
  return [
    `# ${cell(report.cluster)} on real machines: ${isWrong(report) ? 'something is wrong' : 'fine'}`,
    '',
    ...facts.map(([what = '', found = '']) => `- ${what}: ${cell(found)}`),
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...rows(report).map(line),
    '',
  ].join('\n');
}

/** Text of machines and of the cluster file is no Markdown. */
function cell(text: string): string {
  return printableLine(text).replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`);
}
