/** Readers for data of unknown shape: what does not fit is treated as absent. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text that is not empty; numbers and booleans are taken as they would be written. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function asPort(value: unknown): number | undefined {
  const port = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
}

/** One text or a list of texts as a list. */
export function asTexts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((item) => asText(item) ?? []);
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((item) => item === value);
}

/** The object without its undefined members, so that optional fields are absent instead. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const result: Partial<T> = {};
  // A loop, because this runs several times for every host of a cluster.
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] !== undefined) result[key] = value[key];
  return result as { [K in keyof T]: Exclude<T[K], undefined> };
}

/**
 * `read` with memory: what was read from an object or list is given again for the same one. Data of a document is never
 * changed, and the next state of a file shares what has not changed with the one before.
 */
export function remembered<T>(read: (data: unknown) => T): (data: unknown) => T {
  const known = new WeakMap<object, { readonly value: T }>();
  const nothing = read(undefined);
  return (data) => {
    if (data === undefined) return nothing;
    if (typeof data !== 'object' || data === null) return read(data);
    const found = known.get(data) ?? { value: read(data) };
    known.set(data, found);
    return found.value;
  };
}

/** Units of durations as files write them, in milliseconds. */
export const DURATION_UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m` or `1h` in milliseconds; undefined when it is no such duration. */
export function asDuration(data: unknown): number | undefined {
  const [, amount, unit = ''] = /^([1-9]\d{0,3})([smh])$/.exec(asText(data) ?? '') ?? [];
  const factor = DURATION_UNITS[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

/** `20MB/s` in bytes a second; undefined when it is no rate. */
export function asRate(data: unknown): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(k|M|G)B\/s$/.exec(asText(data) ?? '') ?? [];
  const bytes = Number(amount) * ({ k: 1e3, M: 1e6, G: 1e9 }[unit] ?? 0);
  return bytes > 0 ? bytes : undefined;
}
