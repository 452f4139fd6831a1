import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands/registry';
import { usageOf } from '../../../src/cli/help';
import { readCommandLine } from '../../../src/cli/commandLine';
import { ShellRun } from '../../../src/core/authoring/import/shell/shellRun';

const ROOT = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const help = (...args: string[]): string => {
  const asked = readCommandLine(args, COMMANDS);
  return asked.ok && 'help' in asked.value ? asked.value.help : JSON.stringify(asked);
};
/** The commands of a shell text, each as its words. */
function shellCommands(text: string): readonly (readonly string[])[] {
  const commands: (readonly string[])[] = [];
  const keep = ({ words }: { readonly words: readonly string[] }): { readonly used: boolean } => {
    commands.push(words);
    return { used: true };
  };
  const silent = (): void => undefined;
  new ShellRun({ command: keep, unused: silent, between: silent, replaced: silent, note: silent }).run(text);
  return commands;
}
/** What is wrong with the command lines of a shell text that call `k3s-ha`. */
const wrongIn = (text: string): string[] =>
  shellCommands(text)
    .filter(([program]) => program === 'k3s-ha')
    .flatMap(([, ...args]) => {
      const asked = readCommandLine(args, COMMANDS);
      return asked.ok ? [] : [`${args.join(' ')}: ${asked.error.says}`];
    });

describe('the commands of the command line', () => {
  it('are the files of their folder', () => {
    const files = readdirSync(join(ROOT, 'src/cli/commands')).map((file) => basename(file, '.ts'));
    const fileOf = (name: string): string => name.replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
    expect([...COMMANDS.map(({ name }) => fileOf(name)), 'registry'].sort()).toEqual(files.sort());
  });

  it('have options that are read alike whatever command follows', () => {
    const kinds = new Map<string, string>([
      ['--help', 'flag h'],
      ['-h', '--help'],
    ]);
    for (const { options } of COMMANDS)
      for (const [name, { value, short }] of Object.entries(options)) {
        const kind = `${value === undefined ? 'flag' : 'value'} ${short ?? ''}`;
        expect([name, kinds.get(`--${name}`) ?? kind]).toEqual([name, kind]);
        kinds.set(`--${name}`, kind);
        if (short === undefined) continue;
        expect([short, kinds.get(`-${short}`) ?? `--${name}`]).toEqual([short, `--${name}`]);
        kinds.set(`-${short}`, `--${name}`);
      }
    expect(kinds.size).toBeGreaterThan(10);
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s tells all its options and examples in its help, and its examples are right',
    (name, command) => {
      const { options, examples } = command;
      const text = help(name, '--help');
      expect(text).toContain(`Usage: ${usageOf(command)}`);
      for (const [option, { value, short, preset }] of Object.entries(options)) {
        const line = text
          .split('\n')
          .find((each) => each.includes(`--${option}${value === undefined ? '' : ` ${value}`}  `));
        expect([option, line]).toEqual([option, expect.any(String)]);
        if (short !== undefined) expect(line).toContain(`  -${short}, --${option}`);
        if (preset !== undefined) expect(text).toContain(`(${preset})`);
      }
      expect(examples.length).toBeGreaterThan(1);
      for (const { line } of examples) {
        expect(line).toMatch(new RegExp(`^k3s-ha ${name}(?: |$)`));
        expect(text).toContain(`\n  ${line}\n`);
        expect(wrongIn(line)).toEqual([]);
      }
    },
  );

  it('are all in the help without a command, with every option, and no line is wider than the terminals of today', () => {
    for (const text of [help('--help'), help('help')]) {
      // A list of commands may go on in the next line.
      const rows = text.replaceAll(/\n {10,}/g, ' ');
      for (const { name, summary, options } of COMMANDS) {
        expect(text).toMatch(new RegExp(`^  ${name} (?:--host )?\\[?[A-Z].*? +${summary.slice(0, 30)}`, 'm'));
        for (const option of Object.keys(options)) expect(rows).toMatch(new RegExp(`--${option} .*\\b${name}\\b`));
      }
      expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    }
  });
});

describe('command lines in the documentation', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...globSync(['docs/**/*.md', 'examples/**/*.md'], { cwd: ROOT }),
  ];
  const blocks = (page: string): string[] =>
    [...read(page).matchAll(/^```\w*\n([^]*?)^```$/gm)].map(([, text = '']) => text);

  it('are right in every block', () => {
    const all = pages
      .flatMap((page) => blocks(page).flatMap(shellCommands))
      .filter(([program]) => program === 'k3s-ha');
    expect(all.length).toBeGreaterThan(COMMANDS.length);
    expect(pages.flatMap((page) => blocks(page).flatMap(wrongIn))).toEqual([]);
  });

  it('name commands and options that exist in every sentence', () => {
    const wrong = pages
      .flatMap((page) => [...read(page).matchAll(/`k3s-ha ([a-z]+)([^`\n]*)`/g)])
      .filter(([, name = '', rest = '']) => {
        const command = COMMANDS.find((one) => `${name}${rest} `.startsWith(`${one.name} `));
        const known = Object.keys(command?.options ?? {});
        return (
          command === undefined ||
          [...rest.matchAll(/--([\w-]+)/g)].some(([, option = '']) => ![...known, 'help'].includes(option))
        );
      })
      .map(([all]) => all);
    expect(wrong).toEqual([]);
  });

  it('would be found wrong: another name, an option of another command, a value that is none', () => {
    expect(wrongIn('k3s-ha aply x.yaml\nk3s-ha plan --yes x.yaml\nk3s-ha plan --parallel none x.yaml # no')).toEqual([
      expect.stringContaining('aply'),
      expect.stringContaining('--yes'),
      expect.stringContaining('--parallel'),
    ]);
  });

  it('explains every exit status that the help lists', () => {
    const told = [...read('docs/cli.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
    const listed = [...(help('--help').split('Exit status\n')[1] ?? '').matchAll(/^ {2}(\d+) /gm)].map(
      ([, code]) => code,
    );
    expect(told.length).toBeGreaterThan(5);
    expect(listed).toEqual(told);
  });
});
