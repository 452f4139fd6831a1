import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands/registry';
import { bash } from '../../../src/cli/completion/bash';
import { fish } from '../../../src/cli/completion/fish';
import { powershell } from '../../../src/cli/completion/powershell';
import { completionTable } from '../../../src/cli/completion/table';
import { zsh } from '../../../src/cli/completion/zsh';

const TABLE = completionTable(COMMANDS);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'k3s-ha-completion-'));
  for (const name of ['edge.k3s.yaml', 'my lab.yml', 'notes.txt']) writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'clusters'));
  writeFileSync(join(folder, 'bash'), bash(TABLE));
  writeFileSync(join(folder, 'zsh'), zsh(TABLE));
  writeFileSync(join(folder, 'fish'), fish(TABLE));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = (shell: string): boolean => {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
};
const run = (shell: string, args: readonly string[]): string[] =>
  execFileSync(shell, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: folder, TERM: 'dumb' } })
    .split('\n')
    .map((line) => (line.split('\t')[0] ?? '').replace(/\r$/, '').replace(/\\ /g, ' '))
    .filter((line) => line !== '')
    .sort();

/** What each shell offers at the end of a line. */
const SHELLS: Readonly<Record<string, (line: string) => string[]>> = {
  bash: (line) =>
    run('bash', [
      '--norc',
      '-c',
      'source ./bash; eval "COMP_WORDS=($1)"; [[ $1 == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _k3s_ha; printf "%s\\n" "${COMPREPLY[@]}"',
      '-',
      line,
    ]),
  // What completion functions hand to zsh is printed instead of shown.
  zsh: (line) =>
    run('zsh', [
      '-f',
      '-c',
      `compdef() { : }
       compadd() { shift; print -rl -- "$@" }
       _describe() { print -rl -- \${\${(P)@[-1]}%%:*} }
       _files() { case $1 in -g) setopt localoptions nullglob; print -rl -- \${~2} *(/);; -/) print -rl -- *(/N);; *) print -rl -- *(N);; esac }
       source ./zsh
       words=(\${(z)1}); [[ $1 == *' ' ]] && words+=(''); CURRENT=$#words
       _k3s_ha | while read -r each; do [[ $each == \${(Q)words[CURRENT]}* ]] && print -r -- $each; done; true`,
      '-',
      line,
    ]),
  fish: (line) => run('fish', ['--no-config', '-c', 'source ./fish; complete -C "$argv[1]"', line]),
};

describe.each(Object.entries(SHELLS))('completion in %s', (shell, offered) => {
  const test = it.skipIf(!installed(shell));

  test.each<[string, string[]]>([
    ['k3s-ha li', ['lint']],
    ['k3s-ha certificates ', ['renew', 'repair']],
    ['k3s-ha lint --fo', ['--format']],
    ['k3s-ha lint --format g', ['github', 'gitlab']],
    ['k3s-ha graph --draw ', ['dot', 'mermaid', 'png', 'svg']],
    ['k3s-ha certificates renew --y', ['--yes']],
    ['k3s-ha completion ', ['bash', 'fish', 'powershell', 'zsh']],
    ['k3s-ha snapshot --yes pr', ['prune']],
    ['k3s-ha help sur', ['survive']],
  ])('offers what fits: %s', (line, words) => {
    expect(offered(line)).toEqual(words);
  });

  test('offers every command, and cluster files where a command wants one', () => {
    expect(offered('k3s-ha ')).toEqual([...new Set([...TABLE.map(({ name }) => name[0] ?? ''), 'help'])].sort());
    for (const line of ['k3s-ha plan ', 'k3s-ha plan --parallel 3 ', 'k3s-ha snapshot list ']) {
      const files = offered(line).map((file) => file.replace(/\/$/, ''));
      expect(files).toEqual(expect.arrayContaining(['clusters', 'edge.k3s.yaml', 'my lab.yml']));
      expect(files).not.toContain('notes.txt');
    }
    expect(offered('k3s-ha graph --output ')).toContain('notes.txt');
  });
});

describe('completion in PowerShell', () => {
  it('knows every command, every option with its words, and ends every text where it should', () => {
    const text = powershell(TABLE);
    for (const { name, options } of TABLE) {
      const line = text.split('\n').find((each) => each.startsWith(`    '${name.join(' ')}' = @('--`));
      for (const { names } of options) for (const each of names) expect(line).toContain(`'${each}'`);
    }
    expect(text).toContain(`'--format' = @('text', 'json', 'sarif', 'junit', 'github', 'gitlab')`);
    expect(text).toContain(`'certificates' = @('renew', 'repair')`);
    for (const line of text.split('\n')) expect((line.match(/'/g) ?? []).length % 2).toBe(0);
  });
});
