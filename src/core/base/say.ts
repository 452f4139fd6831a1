/** What may stand between the words. */
type Value = string | number | boolean | undefined;

/** What is said, by its English: the text between the values, and `{0}`, `{1}`, … where these stand. */
export type Catalogue = ReadonlyMap<string, string>;

// Bundles that are loaded later have a copy of this file each, and all of them speak one language.
const HOME = Symbol.for('k3s-ha.catalogue');
const shared = globalThis as { [HOME]?: Catalogue | undefined };

/** Has everything said in the language of this catalogue from now on; in English without one. */
export function speak(catalogue: Catalogue | undefined): void {
  shared[HOME] = catalogue;
}

/**
 * A text for people: say`${host} lacks ${name}`. English is what stands there, another language comes from l10n/, where
 * the text is found by its English. Not at the top of a file, which is read before the language is known: see {@link later}.
 */
export function say(parts: TemplateStringsArray, ...values: readonly Value[]): string {
  const english = parts.reduce((text, part, i) => `${text}${values[i - 1]}${part}`);
  if (shared[HOME] === undefined) return english;
  return (
    translated(
      parts.reduce((text, part, i) => `${text}{${i - 1}}${part}`),
      values,
    ) ?? english
  );
}

/** A text that stands in a table, and that {@link said} says when it is shown. */
export function later(parts: TemplateStringsArray): string {
  return parts.join('');
}

/** A text of {@link later}, or of the schema, in the language that is spoken. */
export function said(text: string): string {
  return shared[HOME]?.get(text) ?? text;
}

/** What the catalogue has for this English, with the values where they belong; undefined for English. */
export function translated(english: string, values: readonly Value[]): string | undefined {
  return shared[HOME]?.get(english)?.replace(/\{(\d+)\}/gu, (place, i: string) =>
    Number(i) < values.length ? String(values[Number(i)]) : place,
  );
}
