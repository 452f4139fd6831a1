import type { TriedDatabase } from './answer';
import { commonFindings } from './judge';
import { commonRefusal } from './refusals';
import type { DatastoreTrial, PlacedFinding, TrialContext } from './trial';

/** What the answers mean that one server got: parts that are not needed keep nothing from being done. */
export function verdict(
  trial: DatastoreTrial,
  tried: readonly TriedDatabase[],
  context: TrialContext,
): readonly PlacedFinding[] {
  const answered = tried.filter(({ answer }) => answer.kind === 'answered').length;
  const enough = answered >= trial.needed(tried.length);
  return tried.flatMap(({ host, port, answer }) => {
    const part = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    if (answer.kind === 'answered')
      return [...commonFindings(trial, answer.facts, context), ...trial.judge(answer.facts, context)].map((found) => ({
        ...found,
        part,
      }));
    const found = trial.refused(answer.refusal, context) ?? commonRefusal(answer.refusal);
    return [{ ...found, part, ...(enough ? { weight: 'note' as const } : {}) }];
  });
}
