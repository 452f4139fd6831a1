import type * as imports from '../core/authoring/import/importTexts';

/** What reads texts that are imported, loaded for the first one. */
export function loadImports(): typeof imports {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./imports.js') as typeof imports;
}
