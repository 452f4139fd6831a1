/** A scalar as text; `undefined` for anything else, and for nothing. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A K3s list option in any of its spellings: list, single value, values joined by commas. */
export function listOf(value: unknown): readonly string[] {
  if (value === undefined) return NOTHING;
  if (!Array.isArray(value)) return itemsOf([value]);
  const known = knownLists.get(value) ?? itemsOf(value);
  knownLists.set(value, known);
  return known;
}

const NOTHING: readonly string[] = [];
// Thousands of hosts share the list of their role, and data of a document is never changed.
const knownLists = new WeakMap<object, readonly string[]>();

function itemsOf(items: readonly unknown[]): readonly string[] {
  return items
    .flatMap((item) => (scalarText(item) ?? '').split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
