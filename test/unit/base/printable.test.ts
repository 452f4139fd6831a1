import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson, printableLine, printableWords } from '../../../src/core/base/printable';
import { RAW } from '../../support/raw';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const halves = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  maxLength: 200,
});

describe('printable', () => {
  it.each([
    ['a terminal title', '\u001b]0;owned\u0007', '\ufffd]0;owned\ufffd'],
    ['C1 controls', '\u009b31mred', '\ufffd31mred'],
    ['a direction override', 'a\u202eb\u2066c\u061c', 'a\ufffdb\ufffdc\ufffd'],
    ['zero width and soft hyphen', 'ad\u200bmi\u00adn\ufeff', 'ad\ufffdmi\ufffdn\ufffd'],
    ['tags', 'x\u{e0041}\u{e007f}', 'x\ufffd\ufffd'],
    ['half a character', '\ud800x\udc00', '\ufffdx\ufffd'],
    ['a separator that is a line end to some', 'a\u2028b\u2029c\u0085d', 'a\ufffdb\ufffdc\ufffdd'],
    ['an overwritten line', 'fine\rbad', 'fine bad'],
    ['line ends and tabs on one line', 'a\r\nb\nc\td', 'a b c d'],
    ['letters of all scripts, and pictures', 'Zürich 東京 пароль عربى 🚀', 'Zürich 東京 пароль عربى 🚀'],
  ])('%s', (_name, text, shown) => expect(printableLine(text)).toBe(shown));

  it('keeps lines and tabs where they are allowed, and no lone carriage return', () => {
    expect(printable('a\r\nb\n\tc\rd', { lines: true })).toBe('a\nb\n\tc\ufffdd');
  });

  it('leaves nothing unseen in any text, and does nothing the second time', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, halves), fc.boolean(), (text, lines) => {
        const shown = printable(text, { lines });
        expect(shown).not.toMatch(RAW);
        if (!lines) expect(shown).not.toMatch(/[\n\t]/);
        expect(printable(shown, { lines })).toBe(shown);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves text that can be seen as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(printableLine(text)).toBe(text);
      }),
    );
  });

  it('cuts a line that is longer than anybody reads, not in the middle of a character', () => {
    const shown = printable(`${'🚀'.repeat(20_000)}\nshort`, { lines: true });
    expect(shown.length).toBeLessThan(16_010);
    expect(shown.endsWith('🚀…\nshort')).toBe(true);
    expect(printable(shown, { lines: true })).toBe(shown);
  });
});

describe('printableJson', () => {
  it('says the same as JSON, with escapes for everything unseen', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, halves), fc.constantFrom(undefined, 2), (text, indent) => {
        const json = printableJson({ [text]: [text] }, indent);
        expect(json).not.toMatch(RAW);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: [text] })));
      }),
      { numRuns: 300 },
    );
  });
});

describe('printableWords', () => {
  it('goes through lists and objects and leaves identifiers alone', () => {
    const value = { id: 'a\u202e', label: 'b\u202e', more: [{ words: ['c\u0007'], n: 1, none: undefined }] };
    expect(printableWords(value, new Set(['id']))).toEqual({
      id: 'a\u202e',
      label: 'b\ufffd',
      more: [{ words: ['c\ufffd'], n: 1, none: undefined }],
    });
  });
});
