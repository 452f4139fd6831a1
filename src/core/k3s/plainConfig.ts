/**
 * The YAML that nearly every config.yaml consists of: a line for each option, or one for each item of a list, with texts that
 * every reader takes for just these texts. A plan reads and writes thousands of them, and such lines need neither the parser
 * nor the writer of all of YAML, which take a hundred times as long. What is not certainly plain is left to those.
 */

/** Texts that a reader of YAML 1.1 takes for a truth value or for nothing. */
export const YAML_WORDS: ReadonlySet<string> = new Set(
  ['y', 'yes', 'true', 'on', 'n', 'no', 'false', 'off', 'null'].flatMap((word) => [
    word,
    capital(word),
    word.toUpperCase(),
  ]),
);

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const KEY = /^[a-z](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,14})$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;
/** After a first digit only a letter that belongs to no notation of numbers makes it certain that this is a text. */
const TEXT = /^(?:[A-Za-z/«]|[1-9]\d*[A-DF-Za-df-z])(?:[\w./:@=,+«»-]*[\w./=»])?$/;
const QUOTED = /^"([ !#-[\]-~]*)"$/;

function isPlainText(text: string): boolean {
  return (TEXT.test(text) && !YAML_WORDS.has(text)) || IPV4.test(text);
}

/** A value, and where it stands in the file, quotes included. */
export interface PlainValue {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** An option of a config.yaml; `key` as it stands there. */
export interface PlainOption {
  readonly key: string;
  readonly values: readonly PlainValue[];
}

const OPTION = /^([a-z][a-z0-9-]*\+?):(?: (\S*.*))?$/;
const ITEM = '  - ';

/** The options of a config.yaml; undefined when it has anything that is not plain: then only the parser knows. */
export function readPlainConfig(text: string): readonly PlainOption[] | undefined {
  if (text.includes('\r')) return undefined;
  const options: { readonly key: string; readonly values: PlainValue[] }[] = [];
  const keys = new Set<string>();
  let items: PlainValue[] | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    const start = at;
    at += line.length + 1;
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith(ITEM)) {
      const item = plainValue(line.slice(ITEM.length), start + ITEM.length);
      if (items === undefined || item === undefined) return undefined;
      items.push(item);
      continue;
    }
    const [, key, written] = OPTION.exec(line) ?? [];
    // A key without a value or an item is null, and one that stands twice is an error.
    if (key === undefined || items?.length === 0 || keys.has(key)) return undefined;
    if (!KEY.test(key.replace(/\+$/, '')) || YAML_WORDS.has(key)) return undefined;
    const value = written === undefined ? undefined : plainValue(written, start + key.length + 2);
    if (written !== undefined && value === undefined) return undefined;
    const values = value === undefined ? [] : [value];
    items = value === undefined ? values : undefined;
    keys.add(key);
    options.push({ key, values });
  }
  return items?.length === 0 ? undefined : options;
}

function plainValue(written: string, start: number): PlainValue | undefined {
  const isPlain = isPlainText(written) || written === 'true' || written === 'false' || WHOLE_NUMBER.test(written);
  const text = isPlain ? written : QUOTED.exec(written)?.[1];
  return text === undefined ? undefined : { text, start, end: start + written.length };
}

/** The text of a config.yaml with these options; undefined when one of them needs more than a plain line. */
export function plainConfigText(options: Readonly<Record<string, unknown>>): string | undefined {
  const lists = new Set<unknown>();
  let text = '';
  for (const [key, value] of Object.entries(options)) {
    if (!KEY.test(key) || YAML_WORDS.has(key)) return undefined;
    if (Array.isArray(value)) {
      const items: readonly unknown[] = value;
      // The writer of all of YAML makes an alias of a list that it has written before.
      if (items.length === 0 || lists.has(items)) return undefined;
      lists.add(items);
      text += `${key}:\n`;
      for (const item of items) {
        const plain = plainText(item);
        if (plain === undefined) return undefined;
        text += `${ITEM}${plain}\n`;
      }
    } else {
      const plain = plainText(value);
      if (plain === undefined) return undefined;
      text += `${key}: ${plain}\n`;
    }
  }
  return text === '' ? undefined : text;
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return WHOLE_NUMBER.test(String(value)) ? String(value) : undefined;
  return typeof value === 'string' && isPlainText(value) ? value : undefined;
}
