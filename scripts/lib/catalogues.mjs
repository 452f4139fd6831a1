// The languages besides English: one file each in l10n/ (docs/translating.md).
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';

const CATALOGUES = 'l10n/*.json';

/** The room whose texts the page of the diagram gets. */
const PAGE = 'webview';

/** The languages that there are, with what stands in their files: `{ language, file, package, texts }`. */
export function catalogues() {
  return globSync(CATALOGUES, { cwd: inRoot() })
    .sort()
    .map((file) => ({
      language: path.basename(file, '.json'),
      file,
      ...JSON.parse(readFileSync(inRoot(file), 'utf8')),
    }));
}

/** All texts of a catalogue by their English, without the rooms that they stand under. */
export function flat(catalogue) {
  return Object.assign({}, ...Object.values(catalogue.texts));
}

/** Writes what the programs read when a language asks for it: nothing but texts, by their English; apart for the page. */
export function writeCatalogues(folder) {
  mkdirSync(inRoot(folder, PAGE), { recursive: true });
  for (const catalogue of catalogues()) {
    writeFileSync(inRoot(folder, `${catalogue.language}.json`), JSON.stringify(flat(catalogue)));
    writeFileSync(inRoot(folder, PAGE, `${catalogue.language}.json`), JSON.stringify(catalogue.texts[PAGE]));
  }
}
