import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FOLDER, readGolden, wantedFixes } from './goldenFile';

const HEADING = /^=== (.*)$/;

/**
 * A section of the `said.txt` of a rule: what is said about a golden file word for word, or with the name of a fix that the file asks for,
 * what that changes.
 */
export function readSaid(name: string, fix?: string): readonly string[] {
  return sectionsOf(dirname(name)).get(titleOf(name, fix)) ?? [];
}

/** Writes the section, and leaves out those of files and fixes that are no more. */
export function writeSaid(name: string, lines: readonly string[], fix?: string): void {
  const folder = dirname(name);
  const wanted = wantedSections(folder);
  const sections = [...sectionsOf(folder).set(titleOf(name, fix), lines)]
    .filter(([title, said]) => wanted.has(title) && said.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = sections.map(([title, said]) => [`=== ${title}`, ...said].join('\n')).join('\n\n');
  if (text === '') rmSync(fileIn(folder), { force: true });
  else writeFileSync(fileIn(folder), `${text}\n`);
}

/** Sections that no golden file of their folder has to do with, as `<folder>: <title>`. */
export function forgottenSections(): string[] {
  const folders = globSync('*/*/said.txt', { cwd: FOLDER }).map((file) => dirname(file).replaceAll('\\', '/'));
  return folders.flatMap((folder) => {
    const wanted = wantedSections(folder);
    return [...sectionsOf(folder).keys()].filter((title) => !wanted.has(title)).map((title) => `${folder}: ${title}`);
  });
}

const fileIn = (folder: string) => join(FOLDER, folder, 'said.txt');

const titleOf = (name: string, fix?: string) => (fix === undefined ? basename(name) : `${basename(name)}, fix ${fix}`);

function wantedSections(folder: string): ReadonlySet<string> {
  const files = globSync('*.k3s.yaml', { cwd: join(FOLDER, folder) });
  return new Set(
    files.flatMap((file) => [
      titleOf(file),
      ...wantedFixes(readGolden(join(folder, file))).map((fix) => titleOf(file, fix.name)),
    ]),
  );
}

/** The lines of each section. What a section says has no empty line, so that one may part it from the next. */
function sectionsOf(folder: string): Map<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  if (!existsSync(fileIn(folder))) return sections;
  let said: string[] = [];
  for (const line of readFileSync(fileIn(folder), 'utf8').split('\n')) {
    const [, title] = HEADING.exec(line) ?? [];
    if (title !== undefined) sections.set(title, (said = []));
    else if (line !== '') said.push(line);
  }
  return sections;
}
