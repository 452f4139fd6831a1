import { lstatSync, readlinkSync } from 'node:fs';
import { failure } from './say.mjs';

/** `npm ci` empties what a linked folder leads to, and another checkout may live on that: throws for a link. */
export function refuseLinkedFolder(folder) {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw failure(
    `${folder} leads to ${readlinkSync(folder)}, and npm would empty what is there. Remove the link, or install the packages where it leads.`,
  );
}
