import { say } from '../base/say';
import { cellMarkdown, code, md, plainMarkdown } from '../base/markdown';
import { printableLine } from '../base/printable';
import { formatProblem, type Problem } from '../base/problem';
import { differenceLines } from './difference';
import { stepsDone, type RunRecord, type StepRecord } from './runRecord';

export interface RecordTextOptions {
  /** Leave out what differs between any two runs: seconds, times, ids. */
  readonly comparable?: boolean;
}

/** A run as a Markdown document, as it can stand in a change ticket. What hosts and people have said in it stays text. */
export function runRecordText(record: RunRecord, { comparable = false }: RecordTextOptions = {}): string {
  const { steps, problems, omitted, file } = record;
  const rows = [
    ['Result', resultWords(record)],
    ...(comparable
      ? []
      : [
          ['Began', utc(record.began)],
          ['Ended', record.ended === undefined ? say`not written down` : utc(record.ended)],
          ['Run', record.id],
        ]),
    ['By', record.by],
    [say`Cluster file`, `${file.name}, sha256 ${file.sha256.slice(0, 12)}`],
  ].map(([name = '', value = '']) => `| ${name} | ${cellMarkdown(value)} |`);
  const parts = [
    md`# ${record.operation}: ${record.cluster}`.markdown,
    ['| | |', '| --- | --- |', ...rows].join('\n'),
    ...(problems.length === 0 ? [] : ['## Problems', ...problems.map(problemText)]),
    '## Steps',
    steps.length === 0 ? say`None: everything was as the file says.` : stepTable(steps, comparable),
    ...differences(steps),
    ...(omitted === undefined ? [] : [say`## Left out`, plainMarkdown(omitted).markdown]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** `2026-11-27 17:05:01 UTC` */
export function utc(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

/** How a run ended, e.g. `failed, 3 of 16 steps done`. */
export function resultWords(record: RunRecord): string {
  const [done, all] = stepsDone(record);
  const words = {
    done: say`done`,
    failed: say`failed`,
    cancelled: say`cancelled`,
    unfinished: say`cut off, or still going on`,
  };
  if (record.result === 'done') return all === 0 ? say`done, nothing had to be changed` : say`done, ${all} steps`;
  return record.omitted === undefined
    ? say`${words[record.result]}, ${done} of ${all} steps done`
    : words[record.result];
}

function stepTable(steps: readonly StepRecord[], comparable: boolean): string {
  const head = ['Machine', 'Step', 'Because', 'Outcome', ...(comparable ? [] : ['Seconds'])];
  const rows = steps.map(({ about, title, reason, state, seconds }) =>
    [about, title, reason, state, ...(comparable ? [] : [seconds === undefined ? '' : String(seconds)])].map(
      cellMarkdown,
    ),
  );
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function problemText(found: Problem): string {
  return fenced('text', formatProblem(found).split('\n'));
}

function differences(steps: readonly StepRecord[]): readonly string[] {
  const changed = steps.flatMap((step) => step.differences.map((difference) => ({ step, ...difference })));
  if (changed.length === 0) return [];
  return [
    '## Files',
    ...changed.flatMap(({ step, path, word, lines }) => [
      md`### ${step.about}: ${code(path)} (${word})`.markdown,
      fenced('diff', lines),
    ]),
  ];
}

/** A block whose lines cannot end it. */
function fenced(language: string, lines: readonly string[]): string {
  const text = lines.map(printableLine).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, text, fence].join('\n');
}

/** What two runs did differently, line by line; seconds and times are not compared. */
export function comparisonText(before: RunRecord, after: RunRecord): string {
  const [from = '', to = ''] = [before, after].map((record) => runRecordText(record, { comparable: true }));
  const lines = differenceLines({ path: '', before: from, after: to });
  const head = [`-${before.id}, ${utc(before.began)}`, `+${after.id}, ${utc(after.began)}`];
  const told =
    lines.length === 0
      ? [say`Both did the same.`]
      : lines.map((line) => (line === undefined ? '…' : line.mark + line.text));
  return [...head, '', ...told].map(printableLine).join('\n');
}
