import { secretForms, SHORTEST_FORM } from './secretForms';

/** Forms from this length on are also found across line ends and in part. */
export const SHORTEST_SPLIT = 8;

/** Less of a form than this says nothing, whatever its length … */
export const SHORTEST_PIECE = 5;

/** … and so much of it always says too much. */
const LONGEST_PIECE = 8;

/** The forms of some secrets, prepared for looking through a text. */
export interface FormIndex {
  /** By their first four characters. */
  readonly byStart: ReadonlyMap<string, readonly string[]>;
  /** 1 for every {@link rolled} number of four characters with which a form begins: passes few other places of a text. */
  readonly filter: Uint8Array;
  /** Those that are found in part, a line each. */
  readonly lines: string;
  /** Every {@link SHORTEST_PIECE} characters in `lines`. */
  readonly inside: ReadonlySet<string>;
}

/** Every way in which the secrets may be written, without the line ends in it. */
export function formIndex(secrets: Iterable<string>): FormIndex {
  const all = [...new Set([...secrets].flatMap(secretForms).map((form) => form.replace(/\r?\n[ \t]*/g, '')))].filter(
    ({ length }) => length >= SHORTEST_FORM,
  );
  const filter = new Uint8Array(1 << 16);
  const byStart = new Map<string, string[]>();
  for (const form of all) {
    const start = form.slice(0, SHORTEST_FORM);
    filter[slot([0, 1, 2, 3].reduce((value, at) => rolled(value, form.charCodeAt(at)), 0))] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), form]);
  }
  const lines = `\n${all.filter(({ length }) => length >= SHORTEST_SPLIT).join('\n')}\n`;
  const inside = new Set<string>();
  for (let at = 0; at + SHORTEST_PIECE <= lines.length; at += 1) inside.add(lines.slice(at, at + SHORTEST_PIECE));
  return { byStart, filter, lines, inside };
}

/** A number made of four characters: each new one moves the first of them out. */
export function rolled(value: number, code: number): number {
  return ((value << 7) ^ code) & 0xfffffff;
}

/** Where {@link FormIndex.filter} has a {@link rolled} number. */
export function slot(value: number): number {
  return Math.imul(value, 0x9e3779b1) >>> 16;
}

/** From which length on a piece of a form says too much. The scheme of an address says nothing. */
export function leastPiece(form: string): number {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(form)?.[0].length ?? 0;
  return scheme + Math.max(SHORTEST_PIECE, Math.min(LONGEST_PIECE, (form.length + 1) >> 1));
}
