import { constants, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzip } from '../../../../src/core/authoring/import/gunzip';

const packed = (text: string, options = {}): number[] => [...gzipSync(text, options)];
const unpacked = (bytes: readonly number[]): string | undefined => {
  const plain = gunzip(bytes);
  return plain === undefined ? undefined : Buffer.from(plain).toString();
};

describe('a gzip file', () => {
  it('gives back any text, however it was packed', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom('tls-san: ', 'k3s', '\n', 'ü', '10.0.0.1')).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom(0, 1, 9),
        fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED),
        (text, level, strategy) => {
          expect(unpacked(packed(text, { level, strategy }))).toBe(text);
        },
      ),
    );
    const long = Array.from({ length: 4000 }, (_none, i) => `line ${i * 7919}`).join('\n');
    expect(unpacked(packed(long))).toBe(long);
  });

  it('that ends early or holds too much gives nothing', () => {
    const whole = packed('some text that is long enough to be worth packing, some text that is long enough');
    for (const length of [0, 3, 12, 30]) expect(gunzip(whole.slice(0, length))).toBeUndefined();
    expect(gunzip(packed('x'.repeat(5_000_000)))).toBeUndefined();
    expect(gunzip([1, 2, 3])).toBeUndefined();
  });
});
