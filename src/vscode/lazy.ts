import type * as imports from '../core/authoring/import/importTexts';
import type * as loadedLater from './loadedLater';
import type * as loadedLive from './loadedLive';
import type * as loadedViews from './loadedViews';

/**
 * Planning, carrying out, reaching clusters and commands that are rare live in a bundle of their own, beside the one of the
 * editor, and are loaded by what needs them first. https://code.visualstudio.com/api/working-with-extensions/bundling-extension
 */
export function loadLater(): typeof loadedLater {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./operations.js') as typeof loadedLater;
}

/** What reads texts that are imported, loaded for the first one. */
export function loadImports(): typeof imports {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./imports.js') as typeof imports;
}

/** What explorer and diagram show, and how the diagram is served: loaded when the first of them opens. */
export function loadViews(): typeof loadedViews {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./views.js') as typeof loadedViews;
}

/** What watches running clusters: loaded when the first of them is looked at. */
export function loadLive(): typeof loadedLive {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./live.js') as typeof loadedLive;
}
