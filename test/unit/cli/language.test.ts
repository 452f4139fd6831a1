import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCatalogue } from '../../../src/adapters/files/catalogueFile';
import { isForPrograms, languageOf } from '../../../src/cli/language';

const FOLDER = mkdtempSync(join(tmpdir(), 'k3s-ha-l10n-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

describe('the language of the command line', () => {
  it.each([
    [{ LANG: 'zh_CN.UTF-8' }, 'zh-cn'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN' }, 'zh-cn'],
    [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'zh_CN.UTF-8', LC_ALL: 'C.UTF-8' }, 'c'],
    [{ LANG: 'de_DE@euro', LC_ALL: '' }, 'de-de'],
    [{}, ''],
  ])('%j asks for "%s"', (env, language) => {
    expect(languageOf(env)).toBe(language);
  });
});

describe('what is for programs', () => {
  it.each(['lint --json a.yaml', 'lint --format sarif .', 'lint --format=junit .'])('%s is English', (line) =>
    expect(isForPrograms(line.split(' '))).toBe(true),
  );
  it.each(['lint a.yaml', 'lint --format text .', 'plan --json-like'])('%s is for people', (line) =>
    expect(isForPrograms(line.split(' '))).toBe(false),
  );
});

describe('a catalogue', () => {
  mkdirSync(join(FOLDER, 'l10n'));
  writeFileSync(join(FOLDER, 'l10n', 'zh-cn.json'), '{"Yes":"是"}');
  writeFileSync(join(FOLDER, 'l10n', 'de.json'), '{"Yes":"Ja"}');
  writeFileSync(join(FOLDER, 'other.json'), '{"Yes":"No"}');
  const yes = (language: string): string | undefined => readCatalogue(join(FOLDER, 'l10n'), language)?.get('Yes');

  it('is that of the language, or of the one that it is a variety of', () => {
    expect(['zh-cn', 'de', 'de-at', 'zh-CN'].map(yes)).toEqual(['是', 'Ja', 'Ja', '是']);
  });

  it('is none for English, for a language that nobody has translated, and for what is no language', () => {
    expect(['en', 'en-gb', 'c', '', 'fr', 'zh-tw', '../other', 'x/../../other'].map(yes)).toEqual(
      Array(8).fill(undefined),
    );
  });
});
