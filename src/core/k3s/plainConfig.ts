/**
 * The YAML that nearly every config.yaml consists of: a line for each option, or one for each item of a list, with texts that
 * every reader takes for just these texts. A plan reads and writes thousands of them, and such lines need neither the parser
 * nor the writer of all of YAML, which take many times as long. What is not certainly plain is left to those.
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

/** Names of options, as they stand in a file. */
const PLAIN_KEY = /^[a-z](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
export const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,14})$/;
/** What an item of a list begins with. */
export const ITEM = '  - ';
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;
/** After a first digit only a letter that belongs to no notation of numbers makes it certain that this is a text. */
const TEXT = /^(?:[A-Za-z/«]|[1-9]\d*[A-DF-Za-df-z])(?:[\w./:@=,+«»-]*[\w./=»])?$/;

/** What YAML 1.1 takes for a number, although it begins with a letter: a number needs no digits in front of its exponent there. */
const EXPONENT = /^[Ee][-+]?\d+$/;

/** Whether every reader takes the text for just this text. */
export function isPlainText(text: string): boolean {
  return (TEXT.test(text) && !isOther(text)) || IPV4.test(text);
}

/** Whether a reader may take a name of an option for something else. */
export function isPlainKey(text: string): boolean {
  return PLAIN_KEY.test(text) && !isOther(text);
}

function isOther(text: string): boolean {
  return YAML_WORDS.has(text) || EXPONENT.test(text);
}

/** The text of a config.yaml with these options; undefined when one of them needs more than a plain line. */
export function plainConfigText(options: Readonly<Record<string, unknown>>): string | undefined {
  const lists = new Set<unknown>();
  let text = '';
  for (const [key, value] of Object.entries(options)) {
    if (!isPlainKey(key)) return undefined;
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
