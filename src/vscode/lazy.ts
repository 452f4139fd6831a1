import type * as operations from './operations/operations';

/**
 * Planning and carrying out live in a bundle of their own, beside the one of the editor, and are loaded by the first
 * command that needs them. https://code.visualstudio.com/api/working-with-extensions/bundling-extension
 */
export function loadOperations(): typeof operations {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./operations.js') as typeof operations;
}
