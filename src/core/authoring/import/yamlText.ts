import { parseDocument } from '../../document/parse';

/** Every reader asks whether a text is one of its own; the answers need the same data. */
const READ: { readonly text: string; readonly data: unknown }[] = [];
const MOST_READ = 4;

/** The data of a YAML text; undefined when it is none, or holds nothing. It must not be changed: who asks again gets the same. */
export function readYaml(text: string): unknown {
  const known = READ.find((each) => each.text === text);
  if (known !== undefined) return known.data;
  const { data, syntaxProblems } = parseDocument(text);
  const read = { text, data: syntaxProblems.length > 0 ? undefined : (data ?? undefined) };
  READ.unshift(read);
  READ.length = Math.min(READ.length, MOST_READ);
  return read.data;
}

/** Lets go of texts that were read, which hold secrets. */
export function forgetYaml(): void {
  READ.length = 0;
}

/** A mapping of a file; undefined for anything else. */
export function recordOf(data: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? (data as Readonly<Record<string, unknown>>)
    : undefined;
}

/** A text or a number of a file as text; undefined for anything else, and for empty ones. */
export function scalarOf(data: unknown): string | undefined {
  return (typeof data === 'string' && data !== '') || typeof data === 'number' || typeof data === 'boolean'
    ? String(data)
    : undefined;
}

/** The items of a list; a single value is a list of one. */
export function listOf(data: unknown): readonly unknown[] {
  return Array.isArray(data) ? (data as readonly unknown[]) : data === undefined || data === null ? [] : [data];
}
