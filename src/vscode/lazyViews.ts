import type * as loadedViews from './loadedViews';

/** What explorer and diagram show, and how the diagram is served: loaded when the first of them opens. */
export function loadViews(): typeof loadedViews {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./views.js') as typeof loadedViews;
}
