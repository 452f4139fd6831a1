import { describe, expect, it } from 'vitest';
import type { Path } from '../../../src/core/base/path';
import { parseDocument, treeOf } from '../../../src/core/document/parse';

const problems = (text: string): [string, string][] =>
  parseDocument(text).syntaxProblems.map(({ message, range }) => [text.slice(range.start, range.end), message]);

describe('parseDocument', () => {
  it('gives data with aliases and merge keys resolved, own keys first', () => {
    const { data, syntaxProblems } = parseDocument(
      'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: *a\nd:\n  <<: [*a, *b]\n  x: 3\n',
    );
    expect(data).toEqual({ a: { x: 1, y: 1 }, b: { y: 2, z: 2 }, c: { x: 1, y: 1 }, d: { x: 3, y: 1, z: 2 } });
    expect(syntaxProblems).toEqual([]);
  });

  it('reads an empty file as nothing', () => {
    expect(parseDocument('').data).toBeUndefined();
    expect(parseDocument('# c\n').data).toBeUndefined();
  });

  it('keeps references as text and a key named __proto__ as data', () => {
    expect(parseDocument('token: ${secret:a}\n').data).toEqual({ token: '${secret:a}' });
    expect(Object.keys(parseDocument('__proto__: {x: 1}\n').data as object)).toEqual(['__proto__']);
  });

  it('reads a byte order mark, CRLF and characters outside the basic plane', () => {
    const text = '\ufeffname: "🐄 cow"\r\nlist:\r\n  - a # c\r\n';
    const document = parseDocument(text);
    expect(document.data).toEqual({ name: '🐄 cow', list: ['a'] });
    expect(document.syntaxProblems).toEqual([]);
    const range = document.rangeOf(['list', 0], 'value');
    expect(text.slice(range?.start, range?.end)).toBe('a');
  });

  it.each<[string, string, string, string]>([
    ['a tab', 'a:\n\tb: 1\n', '\t', 'This line is indented with a tab; YAML allows only spaces'],
    [
      'an unclosed double quote, where it opens',
      'a: "x\nb: 2\n',
      '"x',
      'This quote is never closed: a second " is missing',
    ],
    ['an unclosed bracket, where it opens', 'a: [1, 2\nb: 2\n', '[', 'This [ is never closed: ] is missing'],
    ['an unknown reference', 'a: *x\n', '*x', 'There is no anchor &x above this reference'],
    [
      'a value that contains itself',
      'a: &a [*a]\n',
      '*a',
      '*a stands inside its own anchor &a; a value cannot contain itself',
    ],
    ['a key twice', 'a: 1\na: 2\n', 'a', '"a" is written twice in this block; only the last one counts'],
    [
      'a key without a colon',
      'a: {}\nbc\nd: 1\n',
      'bc',
      '"bc" is not finished: a colon and a value must follow, as in "bc: value"',
    ],
    ['a reserved character', 'a: @x\n', '@', 'A value cannot start with @; put it in quotes'],
    [
      'two keys on a line',
      'a: b: c\n',
      'b',
      'A second "key: value" cannot start on the same line; start a new line, or put the value in quotes if the colon belongs to it',
    ],
    [
      'a key below a finished value',
      'a: 1\n  b: 2\n',
      'b',
      'This key does not belong to anything: the line above has a value already or lacks its colon; fix the indentation or finish that line',
    ],
    [
      'a second document',
      'a: 1\n---\nb: 2\n',
      '---',
      'A second YAML document starts here; only the first one of the file counts',
    ],
    ['a merge of a plain value', '<<: 5\n', '5', 'Only a block of keys can be merged with <<'],
    [
      'a list as a key',
      '? [a]\n: 1\n',
      '[a]',
      'A key must be plain text; lists, maps and references cannot be keys here',
    ],
  ])('explains %s once', (_title, text, at, message) => {
    expect(problems(text)).toEqual([[at, message]]);
  });

  it('still reads what stands around a mistake', () => {
    expect(parseDocument('servers:\n  nodes:\n    - host: a\n    - ho\nagents: {\n').data).toEqual({
      servers: { nodes: [{ host: 'a' }, 'ho'] },
      agents: {},
    });
    expect(parseDocument('a: 1\n---\nb: 2\n').data).toEqual({ a: 1 });
    expect(problems('---\na: 1\n---\n')).toEqual([]);
  });

  it.each<[string, () => string]>([
    ['a scalar of 5 MB', () => `a: "${'x'.repeat(5_000_000)}"`],
    [
      'a bomb of aliases',
      () =>
        `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghijk']
          .map(
            (name, i) =>
              `${name}: &${name} [${Array(9)
                .fill(`*${'abcdefghij'.charAt(i)}`)
                .join(', ')}]\n`,
          )
          .join('')}`,
    ],
    [
      'a bomb of merges',
      () =>
        `a: &a {x: 1}\n${[...'bcdefghijk'].map((name, i) => `${name}: &${name} {p: *${'abcdefghij'.charAt(i)}, q: *${'abcdefghij'.charAt(i)}, r: *${'abcdefghij'.charAt(i)}, s: *${'abcdefghij'.charAt(i)}}\n`).join('')}`,
    ],
    ['200,000 brackets', () => '['.repeat(200_000)],
    ['100,000 dashes', () => '- '.repeat(100_000)],
    ['a million line breaks', () => '\n'.repeat(1_000_000)],
    ['100,000 list elements', () => `[${'1,'.repeat(100_000)}]`],
    ['a long text over two lines', () => `token: ${'x'.repeat(40_000)}\n ${'x'.repeat(40_000)}`],
    ['30,000 keys', () => Array.from({ length: 30_000 }, (_none, i) => `k${i}: 1\n`).join('')],
  ])('survives %s with a located problem', (_title, make) => {
    const text = make();
    const started = performance.now();
    const document = parseDocument(text);
    // Measured below 200 ms on an idle machine; the margin is for busy ones.
    expect(performance.now() - started).toBeLessThan(4000);
    expect(document.syntaxProblems.length).toBeGreaterThan(0);
    expect(document.syntaxProblems.length).toBeLessThanOrEqual(50);
    for (const { range } of document.syntaxProblems) expect(range.end).toBeLessThanOrEqual(text.length);
  });

  it('resolves a thousand hosts that share defaults', () => {
    const text = `x: &d\n${Array.from({ length: 20 }, (_none, i) => `  k${i}: 1\n`).join('')}hosts:\n${'  - <<: *d\n    host: a\n'.repeat(1000)}`;
    const started = performance.now();
    const { data, syntaxProblems } = parseDocument(text);
    expect(performance.now() - started).toBeLessThan(4000);
    expect(syntaxProblems).toEqual([]);
    expect((data as { hosts: object[] }).hosts.every((host) => Object.keys(host).length === 21)).toBe(true);
  });
});

it('reads a long block of text whole', () => {
  const line = 'x'.repeat(5000);
  expect(parseDocument(`token: |\n  ${line}\n  y\nkind: a\n`)).toMatchObject({
    data: { token: `${line}\ny\n`, kind: 'a' },
    syntaxProblems: [],
  });
});

it.each([
  ['- a: 1\n  b: 2\n- c\n', [{ a: 1, b: 2 }, 'c']],
  [' kind: Cluster\n metadata:\n   name: edge\n', { kind: 'Cluster', metadata: { name: 'edge' } }],
  ['kind: Cluster\nmetadata: {name: edge}\n', { kind: 'Cluster', metadata: { name: 'edge' } }],
  ['# only words\n', null],
])('a byte order mark before %j is no part of it', (text, data) => {
  const document = parseDocument(`\uFEFF${text}`);
  expect(document.data ?? null).toEqual(data);
  expect(document.syntaxProblems).toEqual([]);
});

describe('the next state of a file', () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_none, i) => `    - host: 10.0.${i >> 8}.${i & 255}\n      name: agent-${i}\n`).join(
      '',
    );
  const text = `kind: Cluster\nx: &x {port: 22}\nagents:\n  nodes:\n${lines(300)}    - host: a\n      ssh: *x\n`;
  const before = parseDocument(text);
  const nodesOf = ({ data }: ReturnType<typeof parseDocument>): readonly unknown[] =>
    (data as { agents: { nodes: readonly unknown[] } }).agents.nodes;

  it.each([
    ['a changed value', 'name: agent-150', 'name: renamed'],
    ['a new item', '      name: agent-150\n', '      name: agent-150\n    - host: new\n'],
    ['an unfinished line', 'name: agent-150', 'na'],
    ['an open quote', 'name: agent-150', 'name: "agent-150'],
    ['an unknown reference', 'name: agent-150', 'name: *nothing'],
    ['a comment', 'name: agent-150', 'name: agent-150 # the big one'],
    ['another indentation', '      name: agent-150', '    name: agent-150'],
    ['a removed line', '      name: agent-150\n', ''],
    ['the anchor that is used below', 'port: 22', 'port: 2222'],
  ])('with %s is read as a whole reading would', (_title, from, to) => {
    const next = text.replace(from, to);
    const [after, whole] = [parseDocument(next, before), parseDocument(next)];
    expect(after.data).toEqual(whole.data);
    expect(after.syntaxProblems).toEqual(whole.syntaxProblems);
    expect(treeOf(after)).toEqual(treeOf(whole));
  });

  it('shares with the last one what has not changed', () => {
    const after = nodesOf(parseDocument(text.replace('name: agent-150', 'name: renamed'), before));
    expect(after.filter((node, i) => node !== nodesOf(before)[i])).toEqual([{ host: '10.0.0.150', name: 'renamed' }]);
    expect(parseDocument(text, before)).toBe(before);
  });
});

describe('ranges', () => {
  const text = 'a: 1 # c\nb:\n  c: [x, {d: yy}]\n  e: &e\n    f: "q"\nm:\n  <<: *e\nlast:\n';
  const document = parseDocument(text);
  const written = (path: Path, part: 'key' | 'value'): string | undefined => {
    const range = document.rangeOf(path, part);
    return range && text.slice(range.start, range.end);
  };

  it.each<[Path, 'key' | 'value', string | undefined]>([
    [['a'], 'key', 'a'],
    [['a'], 'value', '1'],
    [['b', 'c', 1, 'd'], 'key', 'd'],
    [['b', 'c', 1, 'd'], 'value', 'yy'],
    [['b', 'c', 0], 'value', 'x'],
    [['b', 'e', 'f'], 'value', '"q"'],
    [['b', 'e'], 'value', 'f: "q"'],
    [['m', 'f'], 'key', '<<'],
    [['m', 'f'], 'value', '*e'],
    [['last'], 'value', ''],
    [['nope'], 'value', undefined],
    [['b', 'c', 7], 'value', undefined],
  ])('has %j (%s)', (path, part, expected) => {
    expect(written(path, part)).toBe(expected);
  });

  it.each<[string, number, Path | undefined, 'key' | 'value']>([
    ['yy', 0, ['b', 'c', 1, 'd'], 'value'],
    ['yy', 2, ['b', 'c', 1, 'd'], 'value'],
    ['d: yy', 1, ['b', 'c', 1, 'd'], 'key'],
    ['x,', 0, ['b', 'c', 0], 'value'],
    ['"q"', 1, ['b', 'e', 'f'], 'value'],
    ['last', 2, ['last'], 'key'],
  ])('finds the path at %s+%d', (needle, plus, path, part) => {
    expect(document.pathAt(text.indexOf(needle) + plus)).toEqual({ path, part });
  });

  it('has no path in nothing', () => {
    expect(parseDocument('').pathAt(0)).toBeUndefined();
  });
});
