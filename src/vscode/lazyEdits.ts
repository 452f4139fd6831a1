import type * as loadedEdits from './loadedEdits';

/** What makes cluster files of other texts, and files of other tools of cluster files: loaded by the first command of them. */
export function loadEdits(): typeof loadedEdits {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./edits.js') as typeof loadedEdits;
}
