import { describe, expect, it } from 'vitest';
import { eachPer } from '../../../src/core/base/remember';

describe('eachPer', () => {
  const cluster = {};
  const items = (...names: string[]): { readonly name: string }[] => names.map((name) => ({ name }));

  it('makes only what belongs to other items than before, and gives the same list when there is none', () => {
    const made: string[] = [];
    const list = eachPer(({ name }: { readonly name: string }) => {
      made.push(name);
      return { name };
    });
    const before = items('a', 'b', 'c');
    const first = list(cluster, before);
    expect(list(cluster, [...before])).toBe(first);
    const [a, , c] = before as [{ name: string }, unknown, { name: string }];
    const second = list(cluster, [a, { name: 'd' }, c]);
    expect(second.map(({ name }) => name)).toEqual(['a', 'd', 'c']);
    expect([second[0], second[2]]).toEqual([first[0], first[2]]);
    expect(first.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(made).toEqual(['a', 'b', 'c', 'd']);
  });

  it('begins anew for other inputs, a longer list and another key', () => {
    const list = eachPer(({ name }: { readonly name: string }, mark: string) => name + mark);
    const some = items('a', 'b');
    expect(list(cluster, some, '!')).toEqual(['a!', 'b!']);
    expect(list(cluster, some, '?')).toEqual(['a?', 'b?']);
    expect(list(cluster, [...some, { name: 'c' }], '?')).toEqual(['a?', 'b?', 'c?']);
    expect(list({}, items('x'), '?')).toEqual(['x?']);
    expect(list(cluster, some.slice(1), '?')).toEqual(['b?']);
  });
});
