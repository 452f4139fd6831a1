import type { ParameterExpansionPart, Word, WordPart } from 'unbash';
import { placeholder } from '../placeholder';

/** What an expansion can ask for. */
export interface ShellValues {
  /** The values of a variable, one for each element of an array; undefined when nobody assigned it. */
  variable(name: string): readonly string[] | undefined;
  /** What a command that is run for its output prints; undefined when nobody knows. */
  output(text: string): string | undefined;
}

/** Fields that one word may become; no list of machines is longer. */
const MOST_FIELDS = 600;

/** One piece of a word: its alternatives, and whether blanks in it part fields. */
interface Piece {
  readonly texts: readonly string[];
  readonly splits: boolean;
  /** Each text is a field of its own: `"${hosts[@]}"`. */
  readonly list?: true;
}

/** The fields that a word becomes, as a shell would: what nobody assigned stays as a placeholder. */
export function expandWord(word: Word, values: ShellValues): readonly string[] {
  if (word.parts === undefined) return [word.value];
  let open: string[] = [''];
  const fields: string[] = [];
  let some = false;
  for (const piece of word.parts.flatMap((part) => pieces(part, values))) {
    if (piece.list === true || piece.splits) {
      const items = piece.list === true ? piece.texts : split(piece.texts[0] ?? '');
      if (items.length === 0) continue;
      some = true;
      const [first = '', ...rest] = items;
      open = open.map((text) => text + first);
      for (const item of rest) {
        fields.push(...open);
        open = [item];
      }
    } else {
      some = true;
      open = open.flatMap((text) => piece.texts.map((each) => text + each)).slice(0, MOST_FIELDS);
    }
  }
  return some ? [...fields, ...open].slice(0, MOST_FIELDS) : [];
}

/** A word where a shell does not split: the value of an assignment, the name of a file. */
export function expandText(word: Word, values: ShellValues): string {
  return word.parts === undefined ? word.value : textOf(word.parts, values);
}

/** The text of parts that stay one, such as those of a here-document. */
export function textOf(parts: readonly WordPart[], values: ShellValues): string {
  return parts
    .flatMap((part) => pieces(part, values, true))
    .map(({ texts }) => texts.join(' '))
    .join('');
}

function split(text: string): string[] {
  return text.split(/\s+/).filter((each) => each !== '');
}

const whole = (text: string): Piece => ({ texts: [text], splits: false });

function pieces(part: WordPart, values: ShellValues, kept = false): readonly Piece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [whole(part.value)];
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((inner) => pieces(inner, values).map((piece) => ({ ...piece, splits: false })));
    case 'SimpleExpansion':
      return [named(part.text.slice(1), part.text, values)];
    case 'ParameterExpansion':
      return [parameter(part, values)];
    case 'CommandExpansion': {
      const output = values.output(part.text);
      return [output === undefined ? whole(placeholder(part.text)) : { texts: [output], splits: true }];
    }
    case 'BraceExpansion':
      return [kept ? whole(part.text) : { texts: braces(part.text), splits: false }];
    case 'ArithmeticExpansion':
      return [whole(placeholder(part.text))];
    case 'ProcessSubstitution': {
      const output = values.output(part.text);
      return [whole(output ?? placeholder(part.text))];
    }
    default:
      return [whole(part.text)];
  }
}

function named(name: string, written: string, values: ShellValues): Piece {
  const found = values.variable(name);
  if (found === undefined) return whole(placeholder(written));
  return name === '@' || name === '*' ? list(found) : { texts: [found[0] ?? ''], splits: true };
}

const list = (texts: readonly string[]): Piece => ({ texts, splits: false, list: true });

function parameter(part: ParameterExpansionPart, values: ShellValues): Piece {
  const { parameter: name, operation, index, prefix } = part;
  const found = values.variable(name);
  const unknown = whole(placeholder(part.text));
  if (prefix !== undefined) return prefix === '#' && found !== undefined ? whole(String(found.length)) : unknown;
  const picked =
    index === undefined || /^[@*]$/.test(index.value)
      ? found
      : found?.slice(Number(index.value), Number(index.value) + 1);
  const all = index !== undefined && /^[@*]$/.test(index.value);
  if (operation === undefined) {
    if (picked === undefined || picked.length === 0) return unknown;
    return all || name === '@' || name === '*' ? list(picked) : { texts: [picked[0] ?? ''], splits: true };
  }
  const text = picked?.[0];
  switch (operation.type) {
    case 'Default': {
      if (/\+$/.test(operation.operator))
        return text === undefined ? whole('') : whole(expandText(operation.operand, values));
      if (text !== undefined && (text !== '' || !operation.operator.startsWith(':'))) return whole(text);
      return /\?$/.test(operation.operator) ? unknown : whole(expandText(operation.operand, values));
    }
    case 'Remove': {
      const cut = expandText(operation.operand, values);
      if (text === undefined || /[*?[]/.test(cut)) return unknown;
      if (operation.operator.startsWith('#')) return whole(text.startsWith(cut) ? text.slice(cut.length) : text);
      return whole(text.endsWith(cut) ? text.slice(0, text.length - cut.length) : text);
    }
    default:
      return unknown;
  }
}

/** `{a,b}` and `{1..3}`; anything else is what it is. */
function braces(text: string): readonly string[] {
  const range = /^\{(\d+)\.\.(\d+)\}$/.exec(text);
  if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    const size = Math.min(Math.abs(to - from) + 1, MOST_FIELDS);
    const width = /^0\d/.test(range[1] ?? '') ? (range[1] ?? '').length : 0;
    return Array.from({ length: size }, (_none, i) => String(from + (to < from ? -i : i)).padStart(width, '0'));
  }
  const inner = text.slice(1, -1);
  return /^[^{}]*,[^{}]*$/.test(inner) ? inner.split(',') : [text];
}
