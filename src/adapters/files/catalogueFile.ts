import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { speak, type Catalogue } from '../../core/base/say';

/** Names as editors have them: `de`, `zh-cn`. Nothing else becomes a part of a path. */
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z]{2,4})?$/;

/** Has everything said in this language from now on, as far as there is a catalogue of it in the folder. */
export function speakLanguage(folder: string, language: string): void {
  speak(readCatalogue(folder, language));
}

/** What is said in this language, or in the one that it is a variety of; undefined where there is neither, as for English. */
export function readCatalogue(folder: string, language: string): Catalogue | undefined {
  const wanted = language.toLowerCase();
  if (!LANGUAGE.test(wanted) || wanted.startsWith('en')) return undefined;
  return catalogueIn(folder, wanted) ?? catalogueIn(folder, wanted.replace(/-.*/, ''));
}

function catalogueIn(folder: string, language: string): Catalogue | undefined {
  try {
    const texts = JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Record<string, string>;
    return new Map(Object.entries(texts));
  } catch {
    return undefined; // a language that nobody has translated yet
  }
}
