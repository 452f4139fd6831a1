import { say } from '../core/base/say';
import type { NodeProgress } from '../core/plan/progress';
import { brief, briefest } from './briefWords';

/** What a run does on one host, for a row or a box: what goes on, else how far it got. */
export function runWords({ state, words, steps }: NodeProgress): string {
  const done = steps.filter((step) => step.state === 'done').length;
  const at = steps.findIndex((step) => step.state === 'running');
  switch (state) {
    case 'running':
      return at >= 0 && steps.length > 1 ? say`${words} (${at + 1} of ${steps.length})` : words;
    case 'pending':
      return done === 0 ? say`to do` : say`${done} of ${steps.length} done, waits`;
    case 'cancelled':
      return done === 0 ? say`not begun` : say`not finished (${done} of ${steps.length})`;
    case 'skipped':
      return done === 0 ? words : say`not finished (${done} of ${steps.length})`;
    case 'done':
    case 'failed':
    case 'unknown':
      return words;
  }
}

/** The same for a row of the explorer. */
export function briefRunWords({ state, words, steps }: NodeProgress): string {
  const done = steps.filter((step) => step.state === 'done').length;
  const at = steps.findIndex((step) => step.state === 'running');
  switch (state) {
    case 'running':
      return at >= 0 && steps.length > 1
        ? briefest(`${words} ${at + 1}/${steps.length}`, say`step ${at + 1} of ${steps.length}`)
        : brief(words);
    case 'pending':
      return done === 0 ? say`to do` : `waits, ${done}/${steps.length}`;
    case 'cancelled':
    case 'skipped':
      return done === 0 ? say`not begun` : say`unfinished ${done}/${steps.length}`;
    case 'done':
      return 'done';
    case 'failed':
      return 'failed';
    case 'unknown':
      return say`outcome unknown`;
  }
}
