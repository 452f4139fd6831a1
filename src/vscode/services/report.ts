import { say } from '../../core/base/say';
import { formatProblem, type Problem } from '../../core/base/problem';
import { problemSentence } from '../../core/base/problemSentence';
import type { LogChannel } from './log';
import { sayError } from './say';

/** Shows a problem: the sentence as a message, the whole in the log. */
export async function reportProblem(log: LogChannel, found: Problem): Promise<void> {
  await askAboutProblem(log, found, []);
}

/** {@link reportProblem} with what can be done about it; resolves with the button that was chosen. */
export async function askAboutProblem(
  log: LogChannel,
  found: Problem,
  choices: readonly string[],
): Promise<string | undefined> {
  log.error(formatProblem(found));
  const answer = await sayError(problemSentence(found), {
    choices: [...choices, say`Show Log`],
  });
  if (answer === say`Show Log`) log.show();
  return answer;
}
