import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/text';
import { parseDocument } from '../../../src/core/document/parse';
import { format } from '../../../src/core/language/format';
import { foldingRanges, selectionRanges } from '../../../src/core/language/structure';
import { readCorpus } from '../../fuzz/corpus';
import { atCursor } from './marked';

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

function folds(text: string): string[] {
  return foldingRanges(parseDocument(text)).map(
    ({ range, kind }) => `${lineOf(text, range.start)}-${lineOf(text, range.end)} ${kind}`,
  );
}

function selections(marked: string): string[] {
  const { text, offset } = atCursor(marked);
  return selectionRanges(parseDocument(text), offset).map(({ start, end }) => text.slice(start, end));
}

describe('folding', () => {
  it('takes blocks, lists, items, long texts and runs of comments', () => {
    expect(
      folds(
        '# one\n# two\nservers:\n  config:\n    tls-san:\n      - a\n      - b\n  nodes:\n    - host: a\n      name: b\n    - {host: c}\ntoken: |\n  x\n  # text\n  # text\n',
      ),
    ).toEqual(['1-2 comment', '3-11 block', '4-7 block', '5-7 block', '8-11 block', '9-10 block', '12-15 block']);
  });

  it('takes what can be read of a broken file', () =>
    expect(folds('servers:\n  nodes:\n    - host: a\nagents: {nodes: [\n')).toContain('1-3 block'));
});

describe('expanding a selection', () => {
  it.each([
    [
      'word, value, entry, block, file',
      'servers:\n  nodes:\n    - host: db-‸1.example.com\n      name: x\n',
      [
        'db-1.example.com',
        'host: db-1.example.com',
        'host: db-1.example.com\n      name: x',
        '- host: db-1.example.com\n      name: x',
      ],
    ],
    ['text inside quotes first', 'token: "a ‸b c"\n', ['b', 'a b c', '"a b c"', 'token: "a b c"']],
    [
      'what stands in braces, then the braces',
      'ssh: {us‸er: root, port: 22}\n',
      ['user', 'user: root', 'user: root, port: 22', '{user: root, port: 22}', 'ssh: {user: root, port: 22}'],
    ],
  ])('goes from %s', (_title, marked, expected) => {
    const steps = selections(marked);
    expect(steps.slice(0, expected.length)).toEqual(expected);
    expect(steps.at(-1)).toBe(atCursor(marked).text);
  });

  it('gives ranges of which each is wider than the one before', () => {
    for (const text of readCorpus().slice(0, 40)) {
      for (let offset = 0; offset <= text.length; offset += 37) {
        const ranges = selectionRanges(parseDocument(text), offset);
        for (const [index, range] of ranges.entries()) {
          const inner = ranges[index - 1];
          if (inner !== undefined)
            expect(
              range.start <= inner.start && range.end >= inner.end && range.end - range.start > inner.end - inner.start,
            ).toBe(true);
        }
      }
    }
  });
});

describe('formatting', () => {
  const formatted = (text: string, indent = 2): string => applyEdits(text, format(parseDocument(text), indent));

  it('evens indentation and spaces, and keeps comments, blank lines and the way values are written', () => {
    const text =
      'apiVersion:   k3s-ha/v1\n# above\nservers:\n    config:   # beside\n        tls-san: [ a,b ]\n        write-kubeconfig-mode: 0600\n\n    nodes:\n      -   host: a   # first\n          name: "x"\n      # between\n      - {host: b,   name: \'c\'}\nagents:\ntoken: ~ # last\n';
    expect(formatted(text)).toBe(
      'apiVersion: k3s-ha/v1\n# above\nservers:\n  config:\n    # beside\n    tls-san: [a, b]\n    write-kubeconfig-mode: 0600\n\n  nodes:\n    - host: a # first\n      name: "x"\n    # between\n    - {host: b, name: \'c\'}\nagents:\ntoken: ~ # last\n',
    );
  });

  it('keeps anchors, merge keys, long texts, the line ends and the list style of the file', () => {
    const text =
      'x: &x {ssh:   {user: root}}\r\nservers:\r\n  nodes:\r\n  - <<: *x\r\n    host:  a\r\ntoken: |\r\n  a\r\n  b\r\n';
    expect(formatted(text)).toBe(
      'x: &x {ssh: {user: root}}\r\nservers:\r\n  nodes:\r\n  - <<: *x\r\n    host: a\r\ntoken: |\r\n  a\r\n  b\r\n',
    );
  });

  it('leaves a broken file alone', () => expect(format(parseDocument('servers:   [a\n'), 2)).toEqual([]));

  it('leaves all our examples as they are, and changes nothing that it has formatted', () => {
    for (const text of readCorpus()) {
      expect(formatted(text)).toBe(text);
      const wide = formatted(text, 4);
      expect(formatted(wide, 4)).toBe(wide);
    }
  });
});
