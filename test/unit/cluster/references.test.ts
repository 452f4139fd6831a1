import { describe, expect, it } from 'vitest';
import { isLiteralSecret, listReferences, parseReference } from '../../../src/core/cluster/references';

describe('references', () => {
  it('lists every reference with its place', () => {
    expect(listReferences('mysql://${env:DB_USER}:${secret:db-password}@tcp(h)/k3s')).toEqual([
      { kind: 'env', name: 'DB_USER', range: { start: 8, end: 22 } },
      { kind: 'secret', name: 'db-password', range: { start: 23, end: 44 } },
    ]);
  });

  it('reads a text that is one reference', () => {
    expect(parseReference('${file:~/secrets/token}')).toMatchObject({ kind: 'file', name: '~/secrets/token' });
    expect(parseReference('x${secret:a}')).toBeUndefined();
    expect(parseReference('${secret:}')).toBeUndefined();
    expect(parseReference('${vault:a}')).toBeUndefined();
  });

  it.each([
    ['hunter2', true],
    ['${secret:token}', false],
    ['', false],
    ['${vault:x}', true],
  ])('knows whether %j is written out: %s', (text, literal) => {
    expect(isLiteralSecret(text)).toBe(literal);
  });
});
