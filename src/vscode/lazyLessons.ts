import type * as loadedLessons from './loadedLessons';

/** What simulated hosts are made to suffer, and the tour: loaded by the first command of them. */
export function loadLessons(): typeof loadedLessons {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./lessons.js') as typeof loadedLessons;
}
