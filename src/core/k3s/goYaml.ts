import { stringify, type ScalarTag } from 'yaml';
import { plainConfigText, YAML_WORDS } from './plainConfig';

/**
 * How K3s reads its configuration: by the resolution rules of gopkg.in/yaml.v2, which differ from those of YAML 1.1 and
 * 1.2, and so from what the writer here knows. https://github.com/go-yaml/yaml/blob/v2/resolve.go and, for the octal
 * numbers that begin with 0o, https://github.com/go-yaml/yaml/blob/v3/resolve.go
 */
const NUMBERS = [
  /^[-+]?\d+$/,
  /^[-+]?0[xX][0-9a-fA-F]+$/,
  /^[-+]?0[oO][0-7]+$/,
  /^[-+]?0[bB][01]+$/,
  // After 0b and 0o Go reads the rest as a number of its own, sign included.
  /^0o[-+]?[0-7]+$/,
  /^0b[-+]?[01]+$/,
  /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/,
];

/** Any other beginning makes a text, but for the words below. */
const MAY_BE_A_NUMBER = /^[-+.\d]/;

const SIGNS = new Set([
  '',
  '~',
  '<<',
  ...['.nan', '.NaN', '.NAN'],
  ...['', '+', '-'].flatMap((sign) => ['.inf', '.Inf', '.INF'].map((word) => sign + word)),
]);

const DATE = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/;

/** Characters that end a line for a Go reader, that it may leave out, or that it refuses unless they are escaped. */
const SPECIAL = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Whether Go would read something else than this text if it stood in the file as YAML 1.1 writes it. */
function changesInGo(text: string): boolean {
  if (text.search(SPECIAL) >= 0 || YAML_WORDS.has(text) || SIGNS.has(text)) return true;
  // A tab at the end is left out; one before the first word, in a text of several lines, is taken for an indentation.
  if (/^[ \n]*\t/.test(text) || /^[^\n]*\t$/.test(text)) return true;
  // Underscores count for nothing, wherever they stand.
  return (
    MAY_BE_A_NUMBER.test(text) && (DATE.test(text) || NUMBERS.some((number) => number.test(text.replaceAll('_', ''))))
  );
}

/** The text in double quotes, with nothing inside that a reader could take for the end of a line. */
function quoted(text: string): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replaceAll(SPECIAL, escape);
}

const CHANGED_BY_GO: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string' && changesInGo(value),
  resolve: (text) => text,
  stringify: ({ value }) => quoted(String(value)),
};

/**
 * YAML that gopkg.in/yaml.v2 and v3 read back as this very data: texts that they would take for a number, a truth value,
 * a date or nothing are quoted, keys included. Texts must be {@link unsendable sendable}.
 */
export function stringifyForGo(data: Readonly<Record<string, unknown>>): string {
  return plainConfigText(data) ?? writtenInFull(data);
}

/** The same by the writer of all of YAML. */
export function writtenInFull(data: Readonly<Record<string, unknown>>): string {
  return stringify(data, {
    version: '1.1',
    lineWidth: 0,
    // `<<` is a text like any other here, never the key that merges maps.
    merge: false,
    customTags: (tags) => [
      CHANGED_BY_GO,
      ...tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:merge'),
    ],
  });
}
