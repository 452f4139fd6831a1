// What the tests of the rules and the cluster use of vitest, so that they can be bundled with a mutated product and be called again and
// again in one process. A top-level `describe` (each row of a `describe.each`) is a group: it can be run alone, with fresh data.
const groups = [];
let tests;

/** Every group of the bundled test files, in their order. */
export function listGroups() {
  return groups.map(({ name, body }) => ({
    name,
    run: () => {
      tests = [];
      body();
      for (const test of tests) {
        const result = test();
        if (result instanceof Promise) throw new Error(`${name}: asynchronous tests are not known here`);
      }
    },
  }));
}

/** The arguments of one row and its part of the name: `%s` is the row, `$name` a member of it. */
function rowsOf(table) {
  return table.map((row) => (Array.isArray(row) ? row : [row]));
}

export function describe(name, body) {
  groups.push({ name, body });
}
describe.each = (table) => (name, body) => {
  for (const row of rowsOf(table)) describe(name.replace('%s', String(row[0])), () => body(...row));
};

export function it(_name, body) {
  tests.push(body);
}
it.each = (table) => (_name, body) => {
  for (const row of rowsOf(table)) it(undefined, () => body(...row));
};

class Matches {
  constructor(test) {
    this.test = test;
  }
}

/** Equal as vitest's `toEqual` has it: members that are undefined do not count. With `part`, `wanted` may leave members out. */
function equal(found, wanted, part = false) {
  if (wanted instanceof Matches) return wanted.test(found);
  if (Object.is(found, wanted)) return true;
  if (typeof found !== 'object' || typeof wanted !== 'object' || found === null || wanted === null) return false;
  if (Array.isArray(found) !== Array.isArray(wanted)) return false;
  if (Array.isArray(found) && found.length !== wanted.length) return false;
  if (found instanceof Set) return wanted instanceof Set && equal([...found], [...wanted]);
  const keys = part ? Object.keys(wanted) : [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
  return keys.every((key) => equal(found[key], wanted[key], part));
}

const MATCHERS = {
  toBe: (found, wanted) => Object.is(found, wanted),
  toEqual: (found, wanted) => equal(found, wanted),
  toMatchObject: (found, wanted) => equal(found, wanted, true),
  toBeUndefined: (found) => found === undefined,
  toBeDefined: (found) => found !== undefined,
  toMatch: (found, pattern) => pattern.test(found),
  toContain: (found, item) => (typeof found === 'string' ? found : [...found]).includes(item),
  toHaveProperty: (found, name) => name in found,
  toHaveLength: (found, length) => found.length === length,
  toBeLessThan: (found, limit) => found < limit,
  toBeLessThanOrEqual: (found, limit) => found <= limit,
  toBeGreaterThan: (found, limit) => found > limit,
  toBeGreaterThanOrEqual: (found, limit) => found >= limit,
};

export function expect(found, label = '') {
  const matchers = (wanted) =>
    Object.fromEntries(
      Object.entries(MATCHERS).map(([name, matches]) => [
        name,
        (...args) => {
          if (matches(found, ...args) !== wanted) throw new Error(`${label} ${wanted ? '' : 'not '}${name}`);
        },
      ]),
    );
  return { ...matchers(true), not: matchers(false) };
}
expect.anything = () => new Matches((found) => found !== undefined && found !== null);
expect.arrayContaining = (wanted) =>
  new Matches((found) => wanted.every((item) => found.some((one) => equal(one, item))));
expect.objectContaining = (wanted) => new Matches((found) => equal(found, wanted, true));
