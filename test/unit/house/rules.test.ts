import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/core/rules/registry';

const ROOT = join(import.meta.dirname, '../../..');
const CODE = join(ROOT, 'src/core/rules');

/** Below `src/core/rules`, with slashes on every system. */
const files = globSync('*/*.ts', { cwd: CODE })
  .map((file) => file.replaceAll('\\', '/'))
  .sort();
const isList = (file: string) => basename(file) === `${dirname(file)}Rules.ts`;
const isRule = (file: string) => dirname(file) !== 'reading' && !isList(file);

const exportsOf = async (file: string) => (await import(join(CODE, file))) as Readonly<Record<string, unknown>>;
const inCamelCase = (id: string) => id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

describe('the folders of the rules', () => {
  it.each(files.filter(isRule))('%s is one rule, whose id is its name', async (file) => {
    const name = basename(file, '.ts');
    const exported = await exportsOf(file);
    expect(Object.keys(exported)).toEqual([name]);
    expect(RULES).toContain(exported[name]);
    expect(inCamelCase((exported[name] as (typeof RULES)[number]).id)).toBe(name);
  });

  it.each(files.filter(isList))('%s lists exactly the rules of its folder', async (file) => {
    const [list] = Object.values(await exportsOf(file)) as [typeof RULES];
    const beside = files.filter((other) => isRule(other) && dirname(other) === dirname(file));
    expect(list.map(({ id }) => `${dirname(file)}/${inCamelCase(id)}.ts`).sort()).toEqual(beside);
  });

  it('are all in the registry, each rule once', () => {
    expect(RULES.map(({ id }) => inCamelCase(id)).sort()).toEqual(
      files
        .filter(isRule)
        .map((file) => basename(file, '.ts'))
        .sort(),
    );
  });

  it('have a folder of golden files for each rule, in the same area, and no other', () => {
    const golden = globSync('test/golden/rules/*/*/', { cwd: ROOT }).map(
      (folder) => `${basename(dirname(folder))}/${inCamelCase(basename(folder))}.ts`,
    );
    expect(golden.sort()).toEqual(files.filter(isRule));
  });
});
