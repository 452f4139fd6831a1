import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/text';
import { fixesFor } from '../../../src/core/rules/registry';
import { contextOf, findingsOf } from '../../golden/rules/goldenFile';
import { beginningsOf, withOddKeys, withOddValues } from './damagedTexts';

const ROOT = join(import.meta.dirname, '../../../examples');
const examples = globSync('**/cluster.k3s.yaml', { cwd: ROOT }).sort();
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

function expectedOf(name: string): unknown {
  const file = join(ROOT, dirname(name), 'expected.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

function findings(text: string) {
  return findingsOf(contextOf(text)).map(({ line, finding }) => ({
    line,
    id: finding.ruleId,
    severity: finding.severity,
  }));
}

describe('examples', () => {
  it('are all there', () => {
    expect(examples.length).toBeGreaterThanOrEqual(12);
  });

  it.each(examples)('%s gives exactly its expected findings', (name) => {
    expect(contextOf(read(name)).document.syntaxProblems).toEqual([]);
    expect(findings(read(name))).toEqual(expectedOf(name));
  });

  it.each(examples)('%s has a README', (name) => {
    expect(existsSync(join(ROOT, dirname(name), 'README.md'))).toBe(true);
  });

  it.each(examples)('%s loses all its errors by taking the first fix of each finding', (name) => {
    let text = read(name);
    for (let round = 0; round < 30; round += 1) {
      const context = contextOf(text);
      const fix = findingsOf(context).flatMap(({ finding }) => {
        // What is asked for nobody answers here.
        return fixesFor(context, finding)
          .filter(({ asksFor }) => asksFor === undefined)
          .slice(0, 1);
      })[0];
      if (fix === undefined) break;
      text = applyEdits(text, fix.edits);
    }
    const context = contextOf(text);
    expect(context.document.syntaxProblems).toEqual([]);
    expect(findings(text).filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([]);
  });
});

describe('half-typed files', () => {
  const check = (text: string) => {
    const context = contextOf(text);
    for (const { finding } of findingsOf(context)) {
      expect(finding.message, text).not.toMatch(/undefined|\[object|NaN|\bnull\b/);
      for (const fix of fixesFor(context, finding)) applyEdits(text, fix.edits);
    }
  };

  it.each(examples)('%s may end anywhere', (name) => {
    beginningsOf(read(name), 7).forEach(check);
  });

  it('values of any kind do no harm', () => {
    withOddValues(examples.map(read)).forEach(check);
  });

  it('keys of any kind do no harm', () => {
    withOddKeys().forEach(check);
  });
});
