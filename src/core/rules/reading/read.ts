import type { Path } from '../../base/path';
import { listReferences } from '../../cluster/references';

/** The value at `path` of plain data; `undefined` when there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Whether the text holds a `${…}` reference, whose value the file does not tell. */
export function hasReference(text: string): boolean {
  return listReferences(text).length > 0;
}
