import type { Problem } from './problem';
import { say } from './say';

/**
 * A problem as a few sentences for a place without lines: where and what, why, and the first next step. Each ends once,
 * however its parts were written: they come from us, from libraries and from hosts.
 */
export function problemSentence({ message, host, why, nextSteps }: Problem): string {
  const what = host === undefined || message.includes(host) ? message : `${host}: ${message}`;
  const cause = why === undefined || sameWords(why, message) ? [] : [sentence(why)];
  const next = nextSteps.slice(0, 1).map(sentence);
  return [sentence(what), ...cause, ...next].join(say` `);
}

function sentence(text: string): string {
  const words = text
    .trim()
    .replace(/[\s.:;,。：；，]+$/u, '')
    .replace(/[\s.:;,]+\)$/u, ')');
  // A word is capitalized; the name of a host, a file or an option is not.
  const first = /^[a-z]+(?=\s)/u.test(words) ? `${words.charAt(0).toUpperCase()}${words.slice(1)}` : words;
  if (/[!?…！？]$/u.test(words)) return first;
  return say`${first}.`;
}

function sameWords(a: string, b: string): boolean {
  const bare = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_]+/gu, ' ')
      .trim();
  return bare(b).includes(bare(a));
}
