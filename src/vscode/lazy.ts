import type * as loadedLater from './loadedLater';

/**
 * Planning, carrying out, reaching clusters and commands that are rare live in a bundle of their own, beside the one of the
 * editor, and are loaded by what needs them first. https://code.visualstudio.com/api/working-with-extensions/bundling-extension
 */
export function loadLater(): typeof loadedLater {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./operations.js') as typeof loadedLater;
}
