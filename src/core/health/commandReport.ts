import { say } from '../base/say';
import { formatProblem, type Problem } from '../base/problem';
import { count } from '../base/words';

/** What a command line came to on one machine. */
export interface CommandAnswer {
  readonly id: string;
  /** Absent when that is not known. */
  readonly exitCode?: number;
  readonly problem?: Problem;
  readonly lines: readonly string[];
  /** Lines that came after these, and were not kept. */
  readonly dropped: number;
}

/** What machines have said, one below the other; those that said the same stand together. */
export function commandReport(answers: readonly CommandAnswer[]): string {
  const groups = new Map<string, string[]>();
  for (const answer of answers) {
    const body = bodyOf(answer);
    const same = groups.get(body);
    if (same === undefined) groups.set(body, [answer.id]);
    else same.push(answer.id);
  }
  return [...groups].map(([body, ids]) => `## ${ids.join(', ')}\n${body}`).join('\n\n');
}

function bodyOf({ exitCode, problem, lines, dropped }: CommandAnswer): string {
  return [
    ...lines.map((line) => `  ${line}`.trimEnd()),
    ...(dropped === 0 ? [] : [say`  … ${count(dropped, 'more line')}, not kept`]),
    ...(problem === undefined ? [] : [formatProblem(problem)]),
    ...(exitCode === undefined || exitCode === 0 ? [] : [say`exit status ${exitCode}`]),
    ...(exitCode === 0 && lines.length === 0 ? ['  (nothing)'] : []),
  ].join('\n');
}
