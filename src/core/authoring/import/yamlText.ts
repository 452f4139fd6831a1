import { parseDocument } from '../../document/parse';

/** The data of a YAML text; undefined when it is none, or holds nothing. */
export function readYaml(text: string): unknown {
  const { data, syntaxProblems } = parseDocument(text);
  return syntaxProblems.length > 0 ? undefined : (data ?? undefined);
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
