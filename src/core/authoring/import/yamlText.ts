import { isTooLong, parseDocument } from '../../document/parse';

interface ReadText {
  readonly text: string;
  readonly data: unknown;
  readonly isTooLong: boolean;
}

/** Every reader asks whether a text is one of its own; the answers need the same data. */
const READ: ReadText[] = [];
const MOST_READ = 4;

/** The data of a YAML text; undefined when it is none, or holds nothing. It must not be changed: who asks again gets the same. */
export function readYaml(text: string): unknown {
  return read(text).data;
}

/** Whether a text may be YAML and is too long to be read as that. */
export function isTooLongForYaml(text: string): boolean {
  return read(text).isTooLong;
}

function read(text: string): ReadText {
  const known = READ.find((each) => each.text === text);
  if (known !== undefined) return known;
  const document = parseDocument(text);
  const { data, syntaxProblems } = document;
  const found = {
    text,
    data: syntaxProblems.length > 0 ? undefined : (data ?? undefined),
    isTooLong: isTooLong(document),
  };
  READ.unshift(found);
  READ.length = Math.min(READ.length, MOST_READ);
  return found;
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
