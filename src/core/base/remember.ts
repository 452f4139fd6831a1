/** The same function, which works out what it gives once for each object and forgets it with the object. */
export function oncePer<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const kept = known.get(key) ?? { value: make(key) };
    known.set(key, kept);
    return kept.value;
  };
}

/** The same function, which for an object works out anew only what it gives for other `inputs` than the last time. */
export function lastPer<K extends object, I extends readonly unknown[], V>(
  make: (key: K, ...inputs: I) => V,
): (key: K, ...inputs: I) => V {
  const known = new WeakMap<K, { readonly inputs: I; readonly value: V }>();
  return (key, ...inputs) => {
    const last = known.get(key);
    if (last?.inputs.every((input, i) => Object.is(input, inputs[i])) === true) return last.value;
    const value = make(key, ...inputs);
    known.set(key, { inputs, value });
    return value;
  };
}
