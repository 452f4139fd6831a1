import fc from 'fast-check';

const ODD_VALUES = [
  '',
  '~',
  '[]',
  '{}',
  '[[1]]',
  '{a: {b: c}}',
  '12',
  '-1',
  'true',
  '"',
  "'",
  '[',
  '{',
  '*x',
  '&x y',
  '!!binary a',
  '|',
  '${secret:}',
  '${',
  '10.0.0.[1-',
  'mysql://',
  '://@',
  'a: b: c',
  'constructor',
  '__proto__',
  '\u{1F600}',
];
const ODD_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'node-taint',
  'no-deploy',
  'datastore-endpoint',
  'server',
  'token',
  'tls-san+',
  'tls-san',
  'cluster-cidr',
  'node-name',
  'node-ip',
];
const KEYED_VALUES = ['~', '[]', '[~]', '[{a: b}]', '{a: b}', '5', 'x', '"a,b"', '[a, 5, true]'];

/** A text as it is while it is typed: cut off every `step` characters. */
export function beginningsOf(text: string, step: number): string[] {
  return Array.from({ length: Math.ceil(text.length / step) }, (_none, i) => text.slice(0, i * step));
}

/** The texts with values that nobody expects on some lines; the same ones every time. */
export function withOddValues(texts: readonly string[]): string[] {
  const changed = fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...ODD_VALUES)), { minLength: 1, maxLength: 3 }),
    )
    .map(([text, changes]) => {
      const lines = text.split('\n');
      for (const [at, value] of changes) {
        const i = at % lines.length;
        lines[i] = (lines[i] ?? '').replace(/^(\s*(?:- )?[\w-]+:|\s*-) ?.*$/, `$1 ${value}`);
      }
      return lines.join('\n');
    });
  return fc.sample(changed, { numRuns: 150, seed: 20 });
}

/** Small files with options that are no options, or hold what they cannot hold. */
export function withOddKeys(): string[] {
  return ODD_KEYS.flatMap((key) =>
    KEYED_VALUES.flatMap((value) =>
      ['servers', 'agents'].map(
        (where) =>
          `metadata: {name: a}\n${where}:\n  config:\n    ${key}: ${value}\n  nodes:\n    - host: a\n    - {host: b, config: {${key}: ${value}}}\n`,
      ),
    ),
  );
}
