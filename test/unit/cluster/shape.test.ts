import { describe, expect, it } from 'vitest';
import {
  asArray,
  asPort,
  asRecord,
  asText,
  asTexts,
  compact,
  oneOf,
  remembered,
} from '../../../src/core/cluster/shape';

describe('readers of data of unknown shape', () => {
  it.each([[null], [undefined], [[1]], ['a'], [5]])('take %j for an empty record', (value) => {
    expect(asRecord(value)).toEqual({});
  });

  it('take a record and a list as they are', () => {
    expect(asRecord({ a: 1 })).toEqual({ a: 1 });
    expect(asArray([1])).toEqual([1]);
    expect(asArray({ length: 1 })).toEqual([]);
  });

  it.each([
    ['a', 'a'],
    ['', undefined],
    [0, '0'],
    [false, 'false'],
    [null, undefined],
    [['a'], undefined],
  ])('text: %j', (value, text) => {
    expect(asText(value)).toBe(text);
  });

  it.each([
    [1, 1],
    [65535, 65535],
    ['6443', 6443],
    [0, undefined],
    [65536, undefined],
    ['0', undefined],
    [1.5, undefined],
    ['22x', undefined],
    ['x22', undefined],
    ['', undefined],
    [true, undefined],
    [null, undefined],
  ])('port: %j', (value, port) => {
    expect(asPort(value)).toBe(port);
  });

  it.each([
    ['a', ['a']],
    [
      ['a', 1, '', null, ['b']],
      ['a', '1'],
    ],
    [undefined, []],
  ])('texts: %j', (value, texts) => {
    expect(asTexts(value)).toEqual(texts);
  });

  it('one of a few words', () => {
    expect(oneOf('b', ['a', 'b'])).toBe('b');
    expect(oneOf('c', ['a', 'b'])).toBeUndefined();
  });

  it('leave out what is undefined, and only that', () => {
    expect(Object.entries(compact({ a: undefined, b: null, c: '', d: 0 }))).toEqual([
      ['b', null],
      ['c', ''],
      ['d', 0],
    ]);
  });
});

describe('remembered', () => {
  it('gives the same result for the same object, and reads anything else each time', () => {
    let reads = 0;
    const read = remembered((data) => {
      reads += 1;
      return { data };
    });
    expect(reads).toBe(1);
    expect(read(undefined)).toBe(read(undefined));
    expect(reads).toBe(1);
    const one = { a: 1 };
    expect(read(one)).toBe(read(one));
    expect(reads).toBe(2);
    expect(read({ a: 1 }) === read(one)).toBe(false);
    expect(read(null)).toEqual({ data: null });
    expect(read('a')).toEqual({ data: 'a' });
  });
});
