/** The same function, which works out what it gives once for each object and forgets it with the object. */
export function oncePer<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const kept = known.get(key);
    if (kept !== undefined) return kept.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}

/** The same function, which for an object works out anew only what it gives for other `inputs` than the last time. */
export function lastPer<K extends object, I extends readonly unknown[], V>(
  make: (key: K, ...inputs: I) => V,
): (key: K, ...inputs: I) => V {
  const known = new WeakMap<K, { readonly inputs: I; readonly value: V }>();
  return (key, ...inputs) => {
    const last = known.get(key);
    if (last !== undefined && sameItems(last.inputs, inputs)) return last.value;
    const value = make(key, ...inputs);
    known.set(key, { inputs, value });
    return value;
  };
}

/**
 * A list made of each of `items`, worked out anew only for those that are other objects than at their place the last time,
 * and for all when the `inputs` are others. The last list is kept for each `key`; the same list comes back when no item
 * changed.
 */
export function eachPer<T extends object, I extends readonly unknown[], V>(
  make: (item: T, ...inputs: I) => V,
): (key: object, items: readonly T[], ...inputs: I) => readonly V[] {
  interface Last {
    readonly items: readonly T[];
    readonly inputs: I;
    readonly values: readonly V[];
  }
  const known = new WeakMap<object, Last>();
  return (key, items, ...inputs) => {
    const last = known.get(key);
    if (last === undefined || !sameItems(last.inputs, inputs) || last.items.length !== items.length) {
      const values = items.map((item) => make(item, ...inputs));
      known.set(key, { items, inputs, values });
      return values;
    }
    if (sameItems(last.items, items)) return last.values;
    const values = [...last.values];
    // Asked for a thousand nodes at a time: a loop needs no function for each.
    for (let i = 0; i < items.length; i += 1) {
      const item = items[i];
      if (item !== undefined && item !== last.items[i]) values[i] = make(item, ...inputs);
    }
    known.set(key, { items, inputs, values });
    return values;
  };
}

/** Whether two lists hold the same objects in the same order. */
export function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  // Asked for a thousand rows at a time: a loop needs no function for each.
  for (let i = 0; i < a.length; i += 1) if (!Object.is(a[i], b[i])) return false;
  return true;
}
