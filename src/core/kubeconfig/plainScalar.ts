/** Numbers of YAML 1.2 (https://yaml.org/spec/1.2.2/#1032-tag-resolution). */
const NUMBER = /^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+\.?\d*)(?:[eE][-+]?\d+)?|[-+]?\.inf|\.nan)$/i;
const SHORT_NUMBER = /^(?:0|[1-9]\d{0,14})$/;
const WORD = /^(?:null|true|false)$/i;
const PLAIN = /^(?:[A-Za-z0-9_/.+\u00c0-\u1fff]|-(?! ))[ -~\u00a1-\u1fff]*$/;

/**
 * The value of a scalar on one line as kubectl writes it; undefined for every form that kubectl does not write. What it
 * reads, it reads as the YAML library does.
 */
export function readScalar(text: string): unknown {
  const first = text.charCodeAt(0);
  if (first === DOUBLE_QUOTE) return /^"[ !#-[\]-~\u00a1-\u1fff]*"$/.test(text) ? text.slice(1, -1) : undefined;
  if (first === SINGLE_QUOTE) return /^'[ -&(-~\u00a1-\u1fff]*'$/.test(text) ? text.slice(1, -1) : undefined;
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (!PLAIN.test(text) || text.includes(': ') || text.includes(' #') || text.endsWith(':') || text.endsWith(' '))
    return undefined;
  // 0 to 9, plus, minus and dot begin a number.
  if (first < LETTERS && NUMBER.test(text)) return SHORT_NUMBER.test(text) ? Number(text) : undefined;
  return text.length > 5 || !WORD.test(text) ? text : WORDS.get(text);
}

const [DOUBLE_QUOTE, SINGLE_QUOTE, LETTERS] = [34, 39, 58];
const WORDS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** True for a key that is written without quotes and stands for itself. */
export function isPlainKey(text: string): boolean {
  return text.length <= 128 && /^[A-Za-z][\w./-]*$/.test(text) && !WORD.test(text);
}
