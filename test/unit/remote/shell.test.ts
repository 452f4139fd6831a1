import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  commandLine,
  parseCommandLine,
  quote,
  inputHead,
  STDIN_MARK_MISSING,
  type Elevation,
} from '../../../src/core/remote/shell';

/** Anything that can be an argument: no NUL, valid UTF-16. */
const word = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text));

describe('quote', () => {
  it('survives a real shell unchanged, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const out = spawnSync('sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`], { encoding: 'utf8' });
        expect(out.stdout.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('commandLine', () => {
  it('is read back by parseCommandLine, for every script, argument and way to root', () => {
    fc.assert(
      fc.property(
        word,
        fc.array(word, { maxLength: 5 }),
        fc.constantFrom<Elevation>('none', 'sudo', 'sudo-password'),
        (text, args, elevation) => {
          expect(parseCommandLine(commandLine({ id: 'probe', text }, args, elevation))).toEqual({
            scriptText: text,
            id: 'probe',
            args,
            elevation,
          });
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });

  it('does not take anything else for a command of ours', () => {
    for (const line of ['', 'ls -la', 'sudo rm -rf /', "sh -c 'unclosed", 'bash -c true'])
      expect(parseCommandLine(line)).toBeUndefined();
  });
});

describe('the password on standard input', () => {
  /** The part of the command line that sudo would run. */
  const guarded = commandLine({ id: 'cat', text: 'cat' }, [], 'sudo-password').replace(/^sudo -k -S -p '' -- /, '');

  it('is never taken for data when sudo did not ask for it', () => {
    const out = spawnSync('sh', ['-c', guarded], {
      input: `${inputHead('sudo-password', 'Secret-pass')}content`,
      encoding: 'utf8',
    });
    expect(out.status).toBe(STDIN_MARK_MISSING);
    expect(out.stdout).toBe('');
  });

  it('is consumed by sudo, and the script gets exactly its own data', () => {
    const head = inputHead('sudo-password', 'Secret-pass');
    const afterSudo = `${head}line 1\nline 2`.split('\n').slice(1).join('\n');
    const out = spawnSync('sh', ['-c', guarded], { input: afterSudo, encoding: 'utf8' });
    expect(out.stdout).toBe('line 1\nline 2');
  });
});
