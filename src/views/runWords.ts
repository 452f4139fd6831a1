import type { NodeProgress } from '../core/plan/progress';

/** What a run does on one host, for a row or a box: what goes on, else how far it got. */
export function runWords({ state, words, steps }: NodeProgress): string {
  const done = steps.filter((step) => step.state === 'done').length;
  const at = steps.findIndex((step) => step.state === 'running');
  switch (state) {
    case 'running':
      return at >= 0 && steps.length > 1 ? `${words} (${at + 1} of ${steps.length})` : words;
    case 'pending':
      return done === 0 ? 'to do' : `${done} of ${steps.length} done, waits`;
    case 'cancelled':
      return done === 0 ? 'not begun' : `not finished (${done} of ${steps.length})`;
    case 'skipped':
      return done === 0 ? words : `not finished (${done} of ${steps.length})`;
    case 'done':
    case 'failed':
    case 'unknown':
      return words;
  }
}
