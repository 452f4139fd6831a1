import { said, say } from '../base/say';
import { count, listed } from '../base/words';
import { podName } from '../health/disruption';
import { shellWord } from '../remote/shell';
import { fateSentence } from './fateWords';
import { withOutcome, type FailureJudgement, type WorkloadsJudgement } from './judgeWorkloads';

/** A line of a report: how bad it is, and what it says. */
export interface JudgementLine {
  readonly level: 'head' | 'bad' | 'warning' | 'plain';
  readonly text: string;
}

/** What failures take along as lines: those that end something first, with the rest counted. */
export function judgementLines({ failures, single }: WorkloadsJudgement): readonly JudgementLine[] {
  const told = failures.map((each) => ({ ...each, lines: failureLines(each) }));
  const quiet = told.filter(({ lines }) => lines.length === 0);
  return [
    ...told.flatMap(({ lines, ...each }): readonly JudgementLine[] =>
      lines.length === 0 ? [] : [{ level: 'head', text: headOf(each) }, ...lines],
    ),
    ...(quiet.length === 0
      ? []
      : [
          {
            level: 'head' as const,
            text: say`Nothing stops without ${quiet.length > 6 ? say`any one of ${quiet.length} others` : listed(quiet.map(({ failure }) => failure.label))}.`,
          },
        ]),
    ...single.map(({ name, node, lack, cure }): JudgementLine => {
      const more =
        cure === undefined
          ? ''
          : say` A manifest of your own keeps two of it: "k3s-ha workloads FILE --cure ${shellWord(name)}".`;
      return {
        level: 'warning',
        text: say`All of ${name} is one pod, on ${node}: while it is away, ${said(lack)}.${more}`,
      };
    }),
  ];
}

function headOf({ failure, moving }: FailureJudgement): string {
  return say`Without ${failure.label}${failure.kind === 'node' && moving > 0 ? ` (${count(moving, 'pod')})` : ''}`;
}

function failureLines({ fates, kept }: FailureJudgement): readonly JudgementLine[] {
  return [
    ...withOutcome(fates, 'stops').map((fate) => ({ level: 'bad' as const, text: fateSentence(fate) })),
    ...withOutcome(fates, 'pauses', 'fewer').map((fate) => ({ level: 'warning' as const, text: fateSentence(fate) })),
    ...kept.map(({ why, pods }) => ({
      level: 'warning' as const,
      text: say`A drain waits for ${listed(pods.map(podName))}: ${why}.`,
    })),
  ];
}
