import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellMarkdown,
  code,
  commandLink,
  escapeMarkdown,
  inlineCode,
  md,
  paragraphs,
  plainMarkdown,
} from '../../../src/core/base/markdown';

describe('Markdown of parts', () => {
  it('escapes values and keeps what was built here', () => {
    expect(md`**${'a*b'}** is ${3}, ${code('x`y')}`.markdown).toBe('**a\\*b** is 3, ``x`y``');
    expect(paragraphs([plainMarkdown('[a](b)'), plainMarkdown(''), md`c`]).markdown).toBe('\\[a\\]\\(b\\)\n\nc');
  });

  it.each([
    ['a link', '[a](https://x)', '\\[a\\]\\(https\\:\\/\\/x\\)'],
    ['an address', 'www.x.org me@x.org', 'www\\.x\\.org me\\@x\\.org'],
    ['a list item', '- a\n- b', '\\- a - b'],
    ['what only looks like a list', 'server-1, rack-2', 'server-1, rack-2'],
    ['a code block', '    rm -rf', 'rm -rf'],
  ])('shows %s as text', (_what, text, markdown) => expect(escapeMarkdown(text)).toBe(markdown));

  it.each([
    ['a link and its HTML', '[a](https://x) <b>', '\\[a\\](https\\://x) \\<b\\>'],
    ['the end of a cell', 'a | b\n| c', 'a \\| b \\| c'],
    ['a version as it is', 'Install K3s v1.36.3+k3s1 (amd64)', 'Install K3s v1.36.3+k3s1 (amd64)'],
    ['an address that nobody is to click', 'WWW.x.org me@x.org', 'WWW\\.x.org me\\@x.org'],
    ['an escape of its own', 'a\\', 'a\\\\'],
  ])('shows %s in a cell', (_what, text, markdown) => expect(cellMarkdown(text)).toBe(markdown));

  it('loses nothing: without the escapes it is the text on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(escapeMarkdown(text).replace(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(text.trim());
      }),
    );
  });

  it('ends a link that runs a command only where it was ended here, with the argument as it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { markdown } = commandLink('Show', 'k3s-ha.show', { uri: `file:///${text}`, path: [text] });
        const [, query = ''] = /^\[Show\]\(command:k3s-ha\.show\?([\w%.-]*)\)$/.exec(markdown) ?? [];
        expect(JSON.parse(decodeURIComponent(query))).toEqual([{ uri: `file:///${text}`, path: [text] }]);
      }),
    );
  });

  it('ends inline code only where it was ended here', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\\', '\n') }), (text) => {
        const span = inlineCode(text);
        const fence = /^`+/.exec(span)?.[0].length ?? 0;
        expect([...span.matchAll(/`+/g)].filter(([run]) => run.length === fence)).toHaveLength(2);
      }),
    );
  });
});
