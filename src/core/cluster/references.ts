import type { TextRange } from '../base/text';

export type ReferenceKind = 'secret' | 'env' | 'file';

/** One `${kind:name}` inside a text. */
export interface Reference {
  readonly kind: ReferenceKind;
  readonly name: string;
  /** Offsets in the text that was searched. */
  readonly range: TextRange;
}

const REFERENCE = /\$\{(secret|env|file):([^{}\s]+)\}/g;

/** Every reference in `text`, in order. */
export function listReferences(text: string): Reference[] {
  return [...text.matchAll(REFERENCE)].map((match) => ({
    kind: match[1] as ReferenceKind,
    name: match[2] ?? '',
    range: { start: match.index, end: match.index + match[0].length },
  }));
}

/** The reference that `text` consists of as a whole, or undefined. */
export function parseReference(text: string): Reference | undefined {
  const [first] = listReferences(text);
  return first !== undefined && first.range.start === 0 && first.range.end === text.length ? first : undefined;
}

/** Whether a value that should be secret is written out instead of being a reference. Empty text is no secret. */
export function isLiteralSecret(text: string): boolean {
  return text !== '' && listReferences(text).length === 0;
}
