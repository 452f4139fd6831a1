import type * as loadedLive from './loadedLive';

/** What watches running clusters: loaded when the first of them is looked at. */
export function loadLive(): typeof loadedLive {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./live.js') as typeof loadedLive;
}
