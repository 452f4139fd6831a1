import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import texts from '../../../package.nls.json';

const ROOT = join(import.meta.dirname, '../../..');

/** Where the program has what it says to people. */
const SPEAKING = [
  'src/{views,vscode,cli,engine,contract}/**/*.ts',
  'src/core/{authoring,datastore,hostChecks,health,language,loadBalancer,plan,rules,topology}/**/*.ts',
  'webview/**/*.ts',
];

interface Term {
  readonly word: string;
  readonly others: readonly string[];
}

const TERMS: readonly Term[] = readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, word, , others] = /^\| \*\*(.+?)\*\* \| (.+) \| (.+) \|$/u.exec(line) ?? [];
    return word === undefined || others === undefined ? [] : [{ word, others: others.split(', ') }];
  });

/** The texts of a file: what has a space in it and is no name, path or script. */
function textsOf(file: string, source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node))
      if (/\w \w/u.test(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest));
  return found;
}

describe('the glossary', () => {
  it('has each word once', () => {
    const words = TERMS.map(({ word }) => word);
    expect(words.length).toBeGreaterThanOrEqual(20);
    expect(new Set(words).size).toBe(words.length);
  });

  it('is kept by everything that the program says', () => {
    const avoided = TERMS.flatMap(({ word, others }) =>
      others.map((other) => ({ word, other, pattern: new RegExp(`\\b${other}s?\\b`, 'iu') })),
    );
    const wrongIn = (file: string, said: readonly string[]): readonly string[] =>
      avoided.flatMap(({ word, other, pattern }) =>
        said.filter((text) => pattern.test(text)).map((text) => `${file}: "${other}" is a ${word}: ${text}`),
      );
    const files = SPEAKING.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
    expect(files.length).toBeGreaterThan(300);
    const wrong = files.flatMap((file) => {
      // Few files have one of the words anywhere; only these are taken apart.
      const source = readFileSync(join(ROOT, file), 'utf8');
      return avoided.some(({ pattern }) => pattern.test(source)) ? wrongIn(file, textsOf(file, source)) : [];
    });
    wrong.push(...wrongIn('package.nls.json', Object.values(texts)));
    expect(wrong).toEqual([]);
  });
});
