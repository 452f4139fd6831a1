import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Path } from '../../../src/core/base/path';
import { applyEdits, type TextEdit } from '../../../src/core/base/text';
import type { ClusterDocument } from '../../../src/core/document/clusterDocument';
import { addEntries, appendItem, appendItems, removeEntry, renameKey, setValue } from '../../../src/core/document/edit';
import { parseDocument } from '../../../src/core/document/parse';
import type { PlainValue } from '../../../src/core/document/render';
import { pathsOf, plainValue, writtenYaml } from './yamlArbitrary';

const edit = (text: string, make: (document: ClusterDocument) => TextEdit[]): string =>
  applyEdits(text, make(parseDocument(text)));
const set = (text: string, path: Path, value: PlainValue): string =>
  edit(text, (document) => setValue(document, path, value));
const remove = (text: string, path: Path): string => edit(text, (document) => removeEntry(document, path));

describe('setValue', () => {
  it.each<[string, string, Path, PlainValue, string]>([
    ['replaces a value and keeps its comment', 'a: 1 # one\nb: 2\n', ['a'], 5, 'a: 5 # one\nb: 2\n'],
    ['keeps single quotes', "a: 'x'\n", ['a'], "it's", "a: 'it''s'\n"],
    ['keeps double quotes', 'a: "x"\n', ['a'], 'y', 'a: "y"\n'],
    ['fills an empty value before its comment', 'a: # later\nb: 2\n', ['a'], 5, 'a: 5 # later\nb: 2\n'],
    ['fills an empty value at the end of the text', 'a:', ['a'], 5, 'a: 5'],
    [
      'adds a key at the end of its block, with the indentation of the file',
      'a:\n    b: 1 # one\n# end\nc: 2\n',
      ['a', 'd'],
      { e: { f: true } },
      'a:\n    b: 1 # one\n    d:\n        e:\n            f: true\n# end\nc: 2\n',
    ],
    [
      'creates parents',
      'kind: Cluster\n',
      ['servers', 'config', 'tls-san'],
      ['10.0.0.100'],
      'kind: Cluster\nservers:\n  config:\n    tls-san:\n      - 10.0.0.100\n',
    ],
    [
      'keeps lists at the column of their key when the file does so',
      'nodes:\n- host: a\n',
      ['other'],
      ['b'],
      'nodes:\n- host: a\nother:\n- b\n',
    ],
    [
      'writes into flow maps',
      'config: {debug: true} # c\n',
      ['config', 'tls-san'],
      ['a,b', '${env:X}'],
      'config: {debug: true, tls-san: ["a,b", "${env:X}"]} # c\n',
    ],
    [
      'turns an empty flow map into a block',
      'config: {} # per node\nx: 1\n',
      ['config', 'debug'],
      true,
      'config: # per node\n  debug: true\nx: 1\n',
    ],
    ['writes into a file of comments', '# cluster\n', ['kind'], 'Cluster', '# cluster\nkind: Cluster\n'],
    ['writes into an empty file', '', ['kind'], 'Cluster', 'kind: Cluster\n'],
    ['keeps CRLF', 'a: 1\r\n', ['b', 'c'], 2, 'a: 1\r\nb:\r\n  c: 2\r\n'],
    ['quotes what YAML 1.1 reads as a boolean or an octal number', 'a: 1\n', ['a'], '0644', 'a: "0644"\n'],
    ['replaces a block by a value', 'a:\n  b: 1\nc: 2\n', ['a'], 5, 'a: 5\nc: 2\n'],
    ['replaces a block scalar', 'a: |\n  x\n  y\n\nb: 1\n', ['a'], 'z', 'a: z\n\nb: 1\n'],
    [
      'overrides a merged value with all of it',
      'd: &d\n  config: {x: 1}\nn:\n  <<: *d\n',
      ['n', 'config', 'y'],
      2,
      'd: &d\n  config: {x: 1}\nn:\n  <<: *d\n  config:\n    x: 1\n    y: 2\n',
    ],
    [
      'writes out an alias that differs from now on',
      'd: &d\n  x: 1\nn: *d\n',
      ['n', 'y'],
      2,
      'd: &d\n  x: 1\nn:\n  x: 1\n  y: 2\n',
    ],
  ])('%s', (_title, before, path, value, after) => {
    expect(set(before, path, value)).toBe(after);
  });

  it('makes no edit through a plain value or past the end of a list', () => {
    expect(setValue(parseDocument('a: 1\n'), ['a', 'b'], 2)).toEqual([]);
    expect(setValue(parseDocument('a: [1]\n'), ['a', 2], 2)).toEqual([]);
  });

  it('gives exactly the wanted data and keeps every comment around', () => {
    fc.assert(
      fc.property(writtenYaml, fc.nat(), plainValue, fc.boolean(), (written, pick, value, below) => {
        const paths = pathsOf(written.data);
        const path = [...(paths[pick % paths.length] ?? [])];
        const parent = at(written.data, path);
        const creates = below && isRecord(parent);
        if (creates) path.push('brand-new', 'deep');
        const before = parseDocument(written.text);
        expect(before.data).toEqual(written.data);
        const after = set(written.text, path, value);
        expect(parseDocument(after).syntaxProblems).toEqual([]);
        expect(parseDocument(after).data).toEqual(put(written.data, path, value));
        const range = creates ? undefined : before.rangeOf(path, 'value');
        const kept = written.comments.filter(
          (comment) => range === undefined || !written.text.slice(range.start, range.end).includes(comment),
        );
        for (const comment of kept) expect(after).toContain(comment);
      }),
      { numRuns: 400 },
    );
  });
});

describe('appendItem', () => {
  it.each<[string, string, Path, PlainValue, string]>([
    [
      'adds below the last item',
      'a:\n  - x # first\n  # about y\n  - y\nb: 1\n',
      ['a'],
      'z',
      'a:\n  - x # first\n  # about y\n  - y\n  - z\nb: 1\n',
    ],
    [
      'adds a map as an item',
      'nodes:\n  - host: a\n',
      ['nodes'],
      { host: 'b', name: 'n' },
      'nodes:\n  - host: a\n  - host: b\n    name: n\n',
    ],
    ['adds to a flow list', 'a: [x, y] # c\n', ['a'], 'z', 'a: [x, y, z] # c\n'],
    ['fills an empty flow list', 'a: [] # c\n', ['a'], 'z', 'a: # c\n  - z\n'],
    ['creates the list', 'a:\n', ['a'], 'z', 'a:\n  - z\n'],
    ['turns a single value into a list', 'tls-san: x\n', ['tls-san'], 'z', 'tls-san:\n  - x\n  - z\n'],
  ])('%s', (_title, before, path, value, after) => {
    expect(edit(before, (document) => appendItem(document, path, value))).toBe(after);
  });

  it('gives exactly the wanted data and keeps every comment', () => {
    fc.assert(
      fc.property(writtenYaml, fc.nat(), plainValue, (written, pick, value) => {
        const lists = pathsOf(written.data).filter((path) => Array.isArray(at(written.data, path)));
        fc.pre(lists.length > 0);
        const path = lists[pick % lists.length] ?? [];
        const after = edit(written.text, (document) => appendItem(document, path, value));
        expect(parseDocument(after).syntaxProblems).toEqual([]);
        expect(parseDocument(after).data).toEqual(
          put(written.data, path, [...(at(written.data, path) as PlainValue[]), value]),
        );
        for (const comment of written.comments) expect(after).toContain(comment);
      }),
      { numRuns: 400 },
    );
  });
});

describe('removeEntry', () => {
  it.each<[string, string, Path, string]>([
    ['removes the line', 'a: 1\nb: 2 # two\n# rest\nc: 3\n', ['b'], 'a: 1\n# rest\nc: 3\n'],
    ['removes a block', 'a:\n  x: 1\n  y: 2\nb: 1\n', ['a'], 'b: 1\n'],
    ['moves the next key to the dash', '- host: a\n  name: n\n', [0, 'host'], '- name: n\n'],
    ['leaves an empty map', 'config:\n  debug: true\nx: 1\n', ['config', 'debug'], 'config: {}\nx: 1\n'],
    ['leaves an empty list', 'a:\n  - 1\n', ['a', 0], 'a: []\n'],
    ['removes from flow lists', 'a: [x, y, z]\n', ['a', 1], 'a: [x, z]\n'],
    ['removes the last of a flow list', 'a: [x, y]\n', ['a', 1], 'a: [x]\n'],
    ['removes the last line without a line break', 'a: 1\nb: 2', ['b'], 'a: 1'],
    ['leaves an anchor that is used elsewhere', 'a: &x 1\nb: *x\n', ['a'], 'a: &x 1\nb: *x\n'],
  ])('%s', (_title, before, path, after) => {
    expect(remove(before, path)).toBe(after);
  });

  it('gives exactly the wanted data and keeps the comments of other lines', () => {
    fc.assert(
      fc.property(writtenYaml, fc.nat(), (written, pick) => {
        const paths = pathsOf(written.data);
        const path = paths[pick % paths.length] ?? [];
        const before = parseDocument(written.text);
        const after = remove(written.text, path);
        expect(parseDocument(after).syntaxProblems).toEqual([]);
        expect(parseDocument(after).data).toEqual(without(written.data, path));
        const key = before.rangeOf(path, 'key');
        const value = before.rangeOf(path, 'value');
        const from = Math.min(key?.start ?? 0, value?.start ?? 0);
        const end = Math.max(key?.end ?? 0, value?.end ?? 0);
        const lineEnd = written.text.indexOf('\n', end);
        const removed = written.text.slice(from, lineEnd < 0 ? undefined : lineEnd);
        for (const comment of written.comments) if (!removed.includes(comment)) expect(after).toContain(comment);
      }),
      { numRuns: 400 },
    );
  });
});

describe('renameKey', () => {
  it('changes only the key', () => {
    expect(edit('a: 1 # c\ntls-sans: [x]\n', (document) => renameKey(document, ['tls-sans'], 'tls-san'))).toBe(
      'a: 1 # c\ntls-san: [x]\n',
    );
  });

  it('does not overwrite a key that exists', () => {
    expect(renameKey(parseDocument('a: 1\nb: 2\n'), ['a'], 'b')).toEqual([]);
  });
});

function isRecord(value: unknown): value is Record<string, PlainValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], data);
}

function put(data: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(data)) return data.map((item, index) => (index === step ? put(item, rest, value) : item));
  const map = (data ?? {}) as Record<string, unknown>;
  return { ...map, [step]: put(map[step], rest, value) };
}

function without(data: unknown, [step, ...rest]: Path): unknown {
  if (Array.isArray(data))
    return rest.length === 0
      ? data.filter((_item, index) => index !== step)
      : data.map((item, index) => (index === step ? without(item, rest) : item));
  const map = { ...(data as Record<string, unknown>) };
  if (rest.length === 0) delete map[String(step)];
  else map[String(step)] = without(map[String(step)], rest);
  return map;
}

describe('several additions as one edit', () => {
  const added = (text: string, make: (document: ClusterDocument) => readonly TextEdit[]): string =>
    applyEdits(text, make(parseDocument(text)));

  it.each([
    ['a block list', 'a: # list\n  - 1 # one\nb: 2\n', 'a: # list\n  - 1 # one\n  - x\n  - 5\nb: 2\n'],
    ['a flow list', 'a: [1] # one\n', 'a: [1, x, 5] # one\n'],
    ['an empty list', 'a: []\nb: 2\n', 'a:\n  - x\n  - 5\nb: 2\n'],
    ['a single value', 'a: 1\n', 'a:\n  - 1\n  - x\n  - 5\n'],
    ['nothing', 'b: 2\n', 'b: 2\na:\n  - x\n  - 5\n'],
    ['a map, which takes no items', 'a: {b: 1}\n', 'a: {b: 1}\n'],
  ])('items for %s', (_name, text, wanted) => {
    expect(added(text, (document) => appendItems(document, ['a'], ['x', 5]))).toBe(wanted);
  });

  it.each([
    ['a block', 'a: # block\n  b: 1 # one\nc: 2\n', 'a: # block\n  b: 1 # one\n  x: y\n  z:\n    - 1\nc: 2\n'],
    ['a flow map', 'a: {b: 1} # one\n', 'a: {b: 1, x: y, z: [1]} # one\n'],
    ['an empty block', 'a:\nc: 2\n', 'a:\n  x: y\n  z:\n    - 1\nc: 2\n'],
    ['nothing', 'c: 2\n', 'c: 2\na:\n  x: y\n  z:\n    - 1\n'],
    ['a list, which takes no keys', 'a: [1]\n', 'a: [1]\n'],
  ])('keys for %s', (_name, text, wanted) => {
    expect(added(text, (document) => addEntries(document, ['a'], { x: 'y', z: [1] }))).toBe(wanted);
  });
});
