import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/text';
import { fixAll } from '../../../src/core/language/fixAll';
import { fixes, validate } from '../../../src/core/language/validate';
import { goldenFiles, readGolden } from '../../golden/rules/goldenFile';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../../examples', name), 'utf8');

describe('fix all', () => {
  it('mends what needs no answer and leaves the rest', () => {
    const text = read('broken/cluster.k3s.yaml');
    const { edits, titles } = fixAll(text);
    const fixed = applyEdits(text, edits);
    const codes = validate(fixed).map(({ code }) => code);
    expect(titles).toContain('Add 10.0.0.100 to tls-san of every server');
    expect(codes).not.toContain('endpoint-not-in-tls-san');
    expect(codes).not.toContain('mysql-endpoint-missing-tcp');
    expect(codes).toContain('duplicate-host-address');
    expect(fixAll(fixed).edits).toEqual([]);
  });

  it('changes nothing in a good file', () => {
    expect(fixAll(read('embedded-etcd/cluster.k3s.yaml'))).toEqual({ edits: [], titles: [] });
  });

  it.each(goldenFiles())('%s: leaves no safe fix, no broken text, and no error that was not there', (name) => {
    const text = readGolden(name);
    const fixed = applyEdits(text, fixAll(text).edits);
    expect(
      fixes(fixed, { start: 0, end: fixed.length }).filter((fix) => fix.safe && fix.storeSecrets === undefined),
    ).toEqual([]);
    const errors = (of: string) =>
      validate(of)
        .filter(({ severity }) => severity === 'error')
        .map(({ code }) => code);
    const before = new Set(errors(text));
    expect(errors(fixed).filter((code) => !before.has(code))).toEqual([]);
  });
});
