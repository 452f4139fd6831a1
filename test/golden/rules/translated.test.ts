import { afterEach, describe, expect, it } from 'vitest';
import { catalogues, flat } from '../../../scripts/lib/catalogues.mjs';
import { said, speak } from '../../../src/core/base/say';
import { RULES } from '../../../src/core/rules/registry';
import { contextOf, findingsOf, goldenFiles, linesOf, readGolden } from './goldenFile';

/** Names of what K3s and the file have, and what is quoted, are the same in every language. */
const OTHERS_WORDS =
  /"[^"]*"|`[^`]*`|\([^)]*kubectl[^)]*\)|kubectl (?:label node|get nodes)|semanage [^）]*|etc\/\S+/gu;
const ENGLISH = /\b[a-z]{2,} (?:[a-z]+ )+[a-z]{2,}\b/u;

afterEach(() => speak(undefined));

describe.each(catalogues())('the rules in $language', (language) => {
  const catalogue = new Map(Object.entries(flat(language)));

  it('have titles, findings and fixes without an English sentence', () => {
    speak(catalogue);
    const lines = goldenFiles().flatMap((name) => {
      const context = contextOf(readGolden(name));
      return findingsOf(context).flatMap((found) => linesOf(context, found).map((line) => `${name}: ${line}`));
    });
    expect(lines.length).toBeGreaterThan(1000);
    const spoken = [...lines, ...RULES.map(({ title }) => said(title))];
    expect(spoken.filter((line) => ENGLISH.test(line.replace(OTHERS_WORDS, '')))).toEqual([]);
  });
});
