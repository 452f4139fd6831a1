import fc from 'fast-check';
import { renderFlow, renderKey, renderScalar, type PlainValue } from '../../../src/core/document/render';

/** Data plus one of the many ways to write it: block and flow mixed, comments, both list indentations, CRLF. */
export interface WrittenYaml {
  readonly text: string;
  readonly data: PlainValue;
  readonly comments: readonly string[];
}

const scalar = fc.oneof(
  fc.constantFrom<PlainValue>(
    '10.0.0.1',
    'vxlan',
    '${secret:token}',
    'mysql://u:p@tcp(h:3306)/k3s',
    'yes',
    '0644',
    'a: b',
    '# no',
    '- x',
    '',
    ' ',
    'a, b',
    '{x}',
    "it's",
    '"q"',
    'zwei\nzeilen',
    'emoji 🐄',
    '<<',
    '1e3',
    '12:30',
    '~',
    '...',
    '---',
  ),
  fc.integer({ min: -1000, max: 100000 }),
  fc.boolean(),
  fc.constant(null),
  fc.string({ maxLength: 12 }),
);
const key = fc.oneof(
  fc.constantFrom(
    'host',
    'name',
    'config',
    'tls-san',
    'node-label+',
    'a',
    'b',
    'c',
    'true',
    '1',
    '<<',
    'x y',
    '# k',
    '🐄',
  ),
  fc.string({ minLength: 1, maxLength: 6 }),
);

const { tree } = fc.letrec<{ tree: PlainValue; list: PlainValue; map: PlainValue }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('map'), tie('list')),
  list: fc.array(tie('tree'), { maxLength: 3 }),
  map: fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
}));

export const plainValue: fc.Arbitrary<PlainValue> = tree;

export const writtenYaml: fc.Arbitrary<WrittenYaml> = fc
  .record({
    data: fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
    choices: fc.infiniteStream(fc.nat(9)),
    crlf: fc.boolean(),
    indent: fc.constantFrom(2, 3, 4),
    listOffset: fc.constantFrom(0, 2),
    finalBreak: fc.boolean(),
  })
  .map(({ data, choices, crlf, indent, listOffset, finalBreak }) => {
    const comments: string[] = [];
    const next = (): number => choices.next().value as number;
    const comment = (): string => {
      comments.push(`# note ${comments.length}!`);
      return comments.at(-1) ?? '';
    };
    const trailing = (): string => (next() < 2 ? ` ${comment()}` : '');
    const above = (column: number): string => (next() < 2 ? `${' '.repeat(column)}${comment()}\n` : '');
    const isMap = (value: PlainValue): value is Record<string, PlainValue> =>
      typeof value === 'object' && value !== null && !Array.isArray(value);
    const isBlock = (value: PlainValue): boolean =>
      (Array.isArray(value) ? value.length > 0 : isMap(value) && Object.keys(value).length > 0) && next() < 7;
    const inline = (value: PlainValue): string => {
      if (value === null && next() < 5) return '';
      if (typeof value === 'object' && value !== null) return ` ${renderFlow(value)}`;
      return ` ${renderScalar(value, false, (['plain', 'single', 'double'] as const)[next() % 3])}`;
    };
    const mapLines = (map: Record<string, PlainValue>, column: number, firstLine: string): string =>
      Object.entries(map)
        .map(([name, value], index) => {
          const lead = index === 0 && firstLine !== '' ? firstLine : above(column) + ' '.repeat(column);
          const head = `${lead}${renderKey(name, false)}:`;
          if (!isBlock(value)) return `${head}${inline(value)}${trailing()}\n`;
          const inner = column + (Array.isArray(value) ? listOffset : indent);
          return `${head}${trailing()}\n${isMap(value) ? mapLines(value, inner, '') : listLines(value as PlainValue[], inner, '')}`;
        })
        .join('');
    const listLines = (list: readonly PlainValue[], column: number, firstLine: string): string =>
      list
        .map((value, index) => {
          const lead = index === 0 && firstLine !== '' ? firstLine : above(column) + ' '.repeat(column);
          if (!isBlock(value)) return `${lead}-${inline(value)}${trailing()}\n`;
          return isMap(value)
            ? mapLines(value, column + 2, `${lead}- `)
            : listLines(value as PlainValue[], column + 2, `${lead}- `);
        })
        .join('');
    const text = above(0) + mapLines(data as Record<string, PlainValue>, 0, '');
    const ended = finalBreak ? text : text.replace(/\n$/, '');
    return { text: crlf ? ended.replaceAll('\n', '\r\n') : ended, data, comments };
  });

/** Every path of `data`, the root left out. */
export function pathsOf(data: unknown, base: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof data !== 'object' || data === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(data)
    ? data.map((item, index) => [index, item])
    : Object.entries(data);
  return entries.flatMap(([step, value]) => [[...base, step], ...pathsOf(value, [...base, step])]);
}
