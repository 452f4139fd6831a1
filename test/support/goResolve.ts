/** What a plain scalar is to a Go reader. */
export type GoKind = 'text' | 'boolean' | 'null' | 'integer' | 'float' | 'timestamp' | 'merge';

const TRUTH = ['true', 'True', 'TRUE', 'false', 'False', 'FALSE'];
const TRUTH_OF_V2 = ['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'];
const NOTHING = ['', '~', 'null', 'Null', 'NULL'];
const ENDLESS = [
  '.nan',
  '.NaN',
  '.NAN',
  ...['', '+', '-'].flatMap((sign) => ['.inf', '.Inf', '.INF'].map((word) => sign + word)),
];

/**
 * What gopkg.in/yaml.v2 and v3 make of a plain scalar, written after `resolve` in their resolve.go. Only where that asks
 * for a range of numbers this says "number" for all of them.
 * https://github.com/go-yaml/yaml/blob/v2/resolve.go, https://github.com/go-yaml/yaml/blob/v3/resolve.go
 */
export function goResolve(text: string, version: 2 | 3): GoKind {
  // As a value << is a text; as a key it merges, whatever the table of resolve.go says about its first character.
  if (text === '<<') return 'merge';
  if (NOTHING.includes(text)) return 'null';
  if (TRUTH.includes(text) || (version === 2 && TRUTH_OF_V2.includes(text))) return 'boolean';
  if (ENDLESS.includes(text)) return 'float';
  const first = text.charAt(0);
  if (first === '.') return isGoFloat(text) ? 'float' : 'text';
  if (!/[-+0-9]/.test(first)) return 'text';
  if (isTimestamp(text)) return 'timestamp';
  const plain = text.replaceAll('_', '');
  if (parsesWithBaseZero(plain)) return 'integer';
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) return 'float';
  for (const [prefix, digits] of [['0b', '[01]+'], ...(version === 3 ? [['0o', '[0-7]+']] : [])] as const) {
    if (plain.startsWith(prefix) && new RegExp(`^[-+]?${digits}$`).test(plain.slice(2))) return 'integer';
    if (plain.startsWith(`-${prefix}`) && new RegExp(`^${digits}$`).test(plain.slice(3))) return 'integer';
  }
  return 'text';
}

/** strconv.ParseInt(text, 0, 64) and ParseUint, for a text without underscores. */
function parsesWithBaseZero(text: string): boolean {
  return /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.test(text);
}

/** strconv.ParseFloat for a text that begins with a dot; underscores may stand between digits. */
function isGoFloat(text: string): boolean {
  return /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/.test(text);
}

function isTimestamp(text: string): boolean {
  const match =
    /^\d{4}-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/.exec(text);
  if (match === null) return false;
  const [, month, day, separator, hour = 0, minute = 0, second = 0, zone] = match;
  const zoned = separator === undefined || (separator === ' ') === (zone === undefined);
  return (
    zoned && Number(month) <= 12 && Number(day) <= 31 && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  );
}
