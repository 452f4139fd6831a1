import { describe, expect, it } from 'vitest';
import manifestTexts from '../../../package.nls.json';
import { catalogues, flat } from '../../../scripts/lib/catalogues.mjs';
import { collect } from '../../../scripts/lib/words.mjs';

const { said, unsaid } = collect();
const LANGUAGES = catalogues();

/** The numbers of the places in a text, each once. */
function placesIn(text: string): readonly number[] {
  return [...new Set([...text.matchAll(/\{(\d+)\}/gu)].map(([, i]) => Number(i)))].sort((a, b) => a - b);
}

/** What a program says between quotes is not translated, and neither are names of options and files. */
function ownWords(text: string): string {
  return text.replace(/"[^"]*"|`[^`]*`|\bhttps?:\/\/\S+|[\w-]*[-/._][\w-]+/gu, ' ');
}

describe('what is said', () => {
  it('is found in the sources', () => {
    expect(said.length).toBeGreaterThan(700);
    expect(said.map(({ text }) => text)).toContain(
      '{0} are the only two etcd members, and two members need each other: if either is down the API stops, which is less available than one server. Use three servers, or an external database for two.',
    );
  });

  it('is all that has words in the rooms that are translated', () => {
    expect(unsaid.map(({ where, text }) => `${where}: ${text}`)).toEqual([]);
  });
});

describe.each(LANGUAGES)('$file', (language) => {
  const texts = flat(language);

  it('has every text, and none that nobody says', () => {
    const wanted = said.map(({ text }) => text);
    expect(wanted.filter((text) => !Object.hasOwn(texts, text))).toEqual([]);
    const known = new Set(wanted);
    expect(Object.keys(texts).filter((text) => !known.has(text))).toEqual([]);
  });

  it('has each text once, below the room that says it first', () => {
    const rooms = Object.entries(language.texts).flatMap(([room, own]) => Object.keys(own).map((text) => [text, room]));
    expect(rooms.length).toBe(Object.keys(texts).length);
    expect(Object.fromEntries(rooms)).toEqual(Object.fromEntries(said.map(({ text, room }) => [text, room])));
  });

  it('puts the same values into each text, without those that are English grammar', () => {
    const wrong = said.flatMap(({ text, where, places, grammar }) => {
      const wanted = places.map((_place, i) => i).filter((i) => !grammar.includes(i));
      const has = placesIn(texts[text] ?? text).filter((i) => i < Math.max(1, places.length));
      return places.length === 0 || String(has) === String(wanted) ? [] : [`${where}: ${text} → ${texts[text]}`];
    });
    expect(wrong).toEqual([]);
  });

  it('quotes what programs say word for word, and commands by the titles that they have', () => {
    const titles = new Map(
      Object.entries(manifestTexts).map(([key, title]) => [title, language.package[key] ?? title]),
    );
    const inLanguage = (quote: string): string => {
      const [, product = '', name = ''] = /^(K3s HA: )?(.*)$/su.exec(quote) ?? [];
      return product + (titles.get(name) ?? texts[name] ?? name);
    };
    const wrong = said.flatMap(({ text, where }) => {
      const quotes = text.split('"').filter((part, i) => i % 2 === 1 && part.length > 11 && !part.includes('{'));
      return quotes.filter((quote) => !texts[text]?.includes(inLanguage(quote))).map((quote) => `${where}: ${quote}`);
    });
    expect(wrong).toEqual([]);
  });

  it('calls things by the words of its glossary', () => {
    const wrong = Object.entries(language.glossary).flatMap(([word, renderings]) => {
      const pattern = new RegExp(`(?<![\\w-])${word}s?(?![\\w-])`, 'iu');
      return said.flatMap(({ text, where }) =>
        pattern.test(ownWords(text)) && !renderings.some((rendering) => texts[text]?.includes(rendering))
          ? [`${where}: ${word} in ${text} → ${texts[text]}`]
          : [],
      );
    });
    expect(wrong).toEqual([]);
  });

  it('has the texts of the manifest, with the same commands behind their links', () => {
    expect(Object.keys(language.package)).toEqual(Object.keys(manifestTexts));
    const links = (text: string): string[] => [...text.matchAll(/\]\(([^)]+)\)/gu)].map(([, to]) => to ?? '');
    for (const [key, text] of Object.entries(manifestTexts))
      expect(links(language.package[key] ?? '').sort(), key).toEqual(links(text).sort());
  });
});
