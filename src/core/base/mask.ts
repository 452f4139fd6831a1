import { SHORTEST_FORM } from './secretForms';
import { formIndex, leastPiece, rolled, SHORTEST_PIECE, SHORTEST_SPLIT, slot, type FormIndex } from './secretIndex';

/** What stands in place of a secret. */
const MASK = '***';

/** A range of the text that gives a secret away. */
type Span = readonly [start: number, end: number];

/**
 * Replaces every secret in `text` by `***`, whatever way it is written in ({@link secretForms}). Secrets shorter than
 * 4 characters are ignored.
 */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  return secretMasker(secrets)(text);
}

/**
 * {@link maskSecrets} prepared once for many texts, such as the lines of a command's output.
 *
 * A form of 8 characters or more is also found when it is wrapped: when line ends, with blanks behind them, stand in it.
 * Because output is often read line by line, a line that begins with the end of such a form, ends with its beginning or
 * lies inside it is masked there, too: from half of the form on, at the latest from 8 characters on. What can stay of a
 * wrapped secret are so pieces of at most 7 characters.
 */
export function secretMasker(secrets: Iterable<string>): (text: string) => string {
  const forms = formIndex(secrets);
  if (forms.byStart.size === 0) return (text) => text;
  return (text) => {
    const spans = [...find(text, forms), ...heads(text, forms)];
    return spans.length === 0 ? text : replaced(text, spans);
  };
}

/** Every form in the text, whole, wrapped, or cut off at the end of a line. Looks at each character once, however many forms there are. */
function find(text: string, { byStart, filter }: FormIndex): Span[] {
  const spans: Span[] = [];
  let value = 0;
  for (let last = 0; last < text.length; last += 1) {
    value = rolled(value, text.charCodeAt(last));
    if (filter[slot(value)] === 0) continue;
    const at = last - SHORTEST_FORM + 1;
    const end = (byStart.get(text.slice(Math.max(at, 0), last + 1)) ?? []).reduce(
      (furthest, form) => Math.max(furthest, reach(text, at, form)),
      0,
    );
    if (end > 0) spans.push([at, end]);
  }
  return spans;
}

/** Where the form ends that begins at `at`, or the line behind which it does not go on; 0 when it is another text, or too little of it. */
function reach(text: string, start: number, form: string): number {
  if (form.length < SHORTEST_SPLIT) return text.startsWith(form, start) ? start + form.length : 0;
  let at = start;
  /** The last line end in it, and how much of the form stands before. */
  let cut = { at: 0, length: 0 };
  for (let i = 0; i < form.length; i += 1) {
    const next = afterLineEnd(text, at);
    if (next > at || next === text.length) cut = { at, length: i };
    if (next === text.length || text.charCodeAt(next) !== form.charCodeAt(i))
      return cut.length >= leastPiece(form) ? cut.at : 0;
    at = next + 1;
  }
  return at;
}

/** The same place, or the one behind the line ends and blanks that begin here. */
function afterLineEnd(text: string, at: number): number {
  let next = at;
  while (
    text.charAt(next) === '\n' ||
    (text.charAt(next) === '\r' && text.charAt(next + 1) === '\n') ||
    (next > at && (text.charAt(next) === ' ' || text.charAt(next) === '\t'))
  )
    next += 1;
  return next;
}

/** What lines begin with of forms that begin before. */
function heads(text: string, { lines, inside }: FormIndex): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    let from = start;
    while (from < end && (text.charAt(from) === ' ' || text.charAt(from) === '\t')) from += 1;
    const probe = text.slice(from, from + SHORTEST_PIECE);
    const length = inside.has(probe)
      ? headPiece(text.slice(from, text.charAt(end - 1) === '\r' ? end - 1 : end), probe, lines)
      : 0;
    if (length > 0) spans.push([from, from + length]);
    start = end + 1;
  }
  return spans;
}

/** Length of the piece of a form with which the line begins: the end of the form, or a part of it that is the whole line. */
function headPiece(line: string, probe: string, lines: string): number {
  for (let at = lines.indexOf(probe); at >= 0; at = lines.indexOf(probe, at + 1)) {
    const end = lines.indexOf('\n', at);
    const length = Math.min(end - at, line.length);
    if (
      line.startsWith(lines.slice(at, at + length)) &&
      length >= leastPiece(lines.slice(lines.lastIndexOf('\n', at) + 1, end))
    )
      return length;
  }
  return 0;
}

/** Overlapping ranges together become one mask. */
function replaced(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let [from, to] = [0, 0];
  let done = 0;
  for (const [start, end] of [...spans, [text.length, text.length] as const].sort((a, b) => a[0] - b[0])) {
    if (start < to) {
      to = Math.max(to, end);
      continue;
    }
    if (to > from) {
      parts.push(text.slice(done, from), MASK);
      done = to;
    }
    [from, to] = [start, end];
  }
  return [...parts, text.slice(done)].join('');
}
