/** Says whether a value that came over a message channel has the shape of `T`. */
export type Shape<T> = (value: unknown) => value is T;

export const isString: Shape<string> = (value) => typeof value === 'string';
export const isNumber: Shape<number> = (value): value is number => typeof value === 'number' && Number.isFinite(value);
export const isBoolean: Shape<boolean> = (value) => typeof value === 'boolean';

export function oneOf<const T extends string>(...allowed: readonly T[]): Shape<T> {
  return (value): value is T => typeof value === 'string' && (allowed as readonly string[]).includes(value);
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value);
}

export function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return (value): value is A | B => a(value) || b(value);
}

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(shape);
}

/** A pair of values, such as a point. */
export function pairOf<T>(shape: Shape<T>): Shape<readonly [T, T]> {
  return (value): value is readonly [T, T] => Array.isArray(value) && value.length === 2 && value.every(shape);
}

export function recordOf<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isObject(value) && Object.values(value).every(shape);
}

/** Every key of `T` has a shape of its own; other keys are refused, so that nothing unplanned crosses the channel. */
export function objectOf<T extends object>(shapes: { readonly [K in keyof Required<T>]: Shape<T[K]> }): Shape<T> {
  const entries = Object.entries(shapes) as [string, Shape<unknown>][];
  const keys = new Set(entries.map(([key]) => key));
  return (value): value is T =>
    isObject(value) &&
    Object.keys(value).every((key) => keys.has(key)) &&
    entries.every(([key, shape]) => shape(value[key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
