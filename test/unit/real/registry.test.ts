import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOptions, USAGE } from '../../real/options';
import { REAL_OPERATIONS } from '../../real/registry';

const IDS = REAL_OPERATIONS.map(({ id }) => id);

describe('operations for real machines', () => {
  it('are the files of their folder, each named as its operation', () => {
    const files = globSync('*.ts', { cwd: join(import.meta.dirname, '../../real/operations') });
    const named = IDS.map((id) => `${id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}.ts`);
    expect(named.sort()).toEqual(files.map((file) => basename(file)).sort());
  });

  it('tell what they do to machines in words, without a period', () => {
    for (const { does } of REAL_OPERATIONS) expect(does).toMatch(/^[a-z].{20,}[^.]$/);
    expect(USAGE).toContain('OPERATIONS');
  });
});

describe('the command line of test:real', () => {
  const read = (line: string) => readOptions(line.split(' '), IDS);

  it('takes the operations by their names, in any order', () => {
    expect(read('--spec a.k3s.yaml --operations re-apply,provision --yes')).toMatchObject({
      ok: true,
      value: { spec: 'a.k3s.yaml', operations: ['re-apply', 'provision'], yes: true, allowSecrets: [] },
    });
    expect(read('--spec a.k3s.yaml').ok && read('--spec a.k3s.yaml')).not.toHaveProperty('value.operations');
  });

  it.each([
    ['--yes', '--spec FILE is missing'],
    ['--spec a --operations re-aply', 'There is no operation "re-aply"; did you mean "re-apply"?'],
    ['--spec a --operations upgrade', '"upgrade" needs --upgrade-to'],
    ['--spec a --force', "Unknown option '--force'"],
  ])('says what is wrong with %s', (line, says) => {
    expect(read(line)).toMatchObject({ ok: false, error: expect.stringContaining(says) as string });
  });
});
