import type { Catalogue } from '../src/core/base/say';

/** What the page says in the language of the editor, as the editor put it into the page; undefined for English. */
export function wordsOf(root: {
  readonly dataset: Readonly<Record<string, string | undefined>>;
}): Catalogue | undefined {
  const words = root.dataset['words'];
  return words === undefined ? undefined : new Map(Object.entries(JSON.parse(words) as Record<string, string>));
}
