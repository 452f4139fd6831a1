import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything that the scripts produce and that may be deleted at any time. */
export const CACHE = path.join(ROOT, '.cache');

/** Logs and screenshots of the last runs. */
export const ARTIFACTS = path.join(CACHE, 'artifacts');

/** `inRoot('dist', 'cli.js')` is the absolute path of that file. */
export const inRoot = (...parts) => path.join(ROOT, ...parts);

/** The manifest as it is on disk now. */
export const manifest = () => createRequire(import.meta.url)(inRoot('package.json'));

/** The manifest with its texts, as VS Code shows them in English. */
export function shownManifest() {
  const texts = createRequire(import.meta.url)(inRoot('package.nls.json'));
  const shown = (_, value) => (typeof value === 'string' ? (texts[/^%(.+)%$/.exec(value)?.[1]] ?? value) : value);
  return JSON.parse(JSON.stringify(manifest()), shown);
}

/** Where `npm run package` puts the extension. */
export const vsixFile = () => inRoot(`${manifest().name}-${manifest().version}.vsix`);

/** Where `npm run package` puts the command line. */
export const npmFile = () => inRoot(`${manifest().name}-${manifest().version}.tgz`);
