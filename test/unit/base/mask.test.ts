import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets, secretMasker } from '../../../src/core/base/mask';

const SECRET = `Gr8%zz "Sec'ret" <Pw> & ü/+`;
const LONG = 'K1aB9cD2eF3gH4iJ5kL6mN7oP8qR0sT';

describe('a secret, however it is written', () => {
  it.each([
    ['as it is', SECRET],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['URL-encoded in lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['as a form field', new URLSearchParams({ p: SECRET }).toString().slice(2)],
    ['as JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['as JSON in JSON', JSON.stringify(JSON.stringify(SECRET).slice(1, -1)).slice(1, -1)],
    [
      'as Go writes JSON',
      JSON.stringify(SECRET)
        .slice(1, -1)
        .replaceAll('<', '\\u003c')
        .replaceAll('>', '\\u003e')
        .replaceAll('&', '\\u0026'),
    ],
    ['quoted for a shell', SECRET.replaceAll("'", String.raw`'\''`)],
    ['quoted for SQL or YAML', SECRET.replaceAll("'", "''")],
    [
      'as HTML',
      SECRET.replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;'),
    ],
  ])('%s', (_name, written) => expect(maskSecrets(`user ${written} end`, [SECRET])).toBe('user *** end'));

  it.each(['', 'x', 'xy', 'xyz'])('in Base64 behind "%s", in both alphabets', (before) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const masked = maskSecrets(Buffer.from(`${before}${LONG}?>~~`).toString(encoding), [LONG]);
      expect(masked).toContain('***');
      expect(masked.replace('***', '').length).toBeLessThan(16);
    }
  });

  it.each([64, 76])('in Base64 wrapped at %i columns', (columns) => {
    const key = 'private key material '.repeat(12).trim();
    const wrapped = (
      Buffer.from(key)
        .toString('base64')
        .match(new RegExp(`.{1,${columns}}`, 'g')) ?? []
    ).join('\n');
    expect(maskSecrets(wrapped, [key]).replaceAll('***', '').trim().length).toBeLessThan(4);
    // Line by line, as output arrives.
    const mask = secretMasker([key]);
    for (const line of wrapped.split('\n')) expect(mask(line).replaceAll('***', '').length).toBeLessThan(8);
  });

  it('wrapped over lines, with and without indentation, in one text', () => {
    for (let at = 1; at < LONG.length; at += 1) {
      for (const end of ['\n', '\r\n', '\n    ']) {
        const left = maskSecrets(`a ${LONG.slice(0, at)}${end}${LONG.slice(at)} b`, [LONG]).replace(
          /\*\*\*|\s|^a|b$/g,
          '',
        );
        expect(left.length, `split at ${at}`).toBeLessThan(8);
        if (at >= 4) expect(left).toBe('');
      }
    }
  });

  it('wrapped over lines that are read one by one: what stays has less than 8 characters', () => {
    const mask = secretMasker([LONG]);
    for (let at = 1; at < LONG.length; at += 1) {
      const left = [`start ${LONG.slice(0, at)}`, `${LONG.slice(at)} end`]
        .map(mask)
        .join('')
        .replace(/\*\*\*|start | end/g, '');
      expect(left.length, `split at ${at}`).toBeLessThan(8);
    }
  });

  it('the password of an address and of a token', () => {
    expect(maskSecrets('Access denied for k3s:p%40ss/word9', ['mysql://k3s:p%40ss/word9@tcp(db:3306)/k3s'])).toBe(
      'Access denied for k3s:***',
    );
    expect(maskSecrets('password p@ss/word9', ['mysql://k3s:p%40ss/word9@tcp(db:3306)/k3s'])).toBe('password ***');
    expect(maskSecrets('user server:f00ba4f00ba4', ['K10aabbccdd::server:f00ba4f00ba4'])).toBe('user server:***');
  });

  it('but neither a scheme nor an ordinary word that it begins with', () => {
    expect(maskSecrets('Use postgres://\nand mysql', ['postgres://k3s:pw12345@db/k3s', 'mysqlpassword'])).toBe(
      'Use postgres://\nand mysql',
    );
  });

  it('together with others that overlap it', () => {
    expect(maskSecrets('abcdefghij', ['abcdef', 'defghij'])).toBe('***');
  });

  it('in any text: no form of it stays', () => {
    const secret = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 5 }),
        fc.string({ unit: 'grapheme' }),
        fc.nat(4),
        (secrets, around, which) => {
          const [chosen] = secrets.slice(which % secrets.length);
          const masked = maskSecrets(`${around}\n${chosen}\n${JSON.stringify(chosen)}`, secrets);
          if (!'***'.includes(chosen ?? '') && !around.includes(chosen ?? ''))
            expect(masked.includes(chosen ?? '')).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('in a long output with many secrets, in time that does not grow with their number', () => {
    const lines = Array.from(
      { length: 20_000 },
      (_none, i) => `time="2026-11-26T12:00:00Z" level=info msg="Waiting for etcd server ${i}"`,
    ).join('\n');
    const many = Array.from({ length: 50 }, (_none, i) => `secret-${i}-${'abcdefghijklmnop'.repeat(2)}`);
    const took = (secrets: readonly string[]): number => {
      const mask = secretMasker(secrets);
      const begin = performance.now();
      mask(lines);
      return performance.now() - begin;
    };
    took(many);
    expect(Math.min(took(many), took(many), took(many))).toBeLessThan(
      20 * Math.max(5, Math.min(took(many.slice(0, 1)), took(many.slice(0, 1)))),
    );
  });
});
