import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/cli/command';
import { readCommandLine } from '../../../src/cli/commandLine';
import { EXIT } from '../../../src/cli/exitCodes';
import { flag, oneOf, positive, text, type Options } from '../../../src/cli/option';
import { ok } from '../../../src/core/base/result';

interface Call {
  readonly command: string;
  readonly paths: readonly string[];
  readonly options: unknown;
}

const calls: Call[] = [];
const command = (name: string, argument: Command['argument'], options: Options): Command => ({
  name,
  argument,
  summary: `${name} something`,
  options,
  examples: [],
  run: async (paths, values) => {
    calls.push({ command: name, paths, options: values });
    return EXIT.fine;
  },
});
const JSON_OUTPUT = flag({ help: 'JSON' });
const COMMANDS = [
  command('check', 'PATH…', {
    json: JSON_OUTPUT,
    level: { help: 'levels', value: 'LEVEL', repeats: true, read: (written) => ok(written) },
  }),
  command('move', 'FILE', {
    json: JSON_OUTPUT,
    yes: flag({ help: 'do not ask', short: 'y' }),
    verbose: flag({ help: 'more', short: 'v' }),
    count: positive({ help: 'how many', value: 'N', preset: '16', of: 'a whole number of at least 1', whole: true }),
    speed: positive({ help: 'how fast', value: 'X', preset: '0.5', of: 'a number above 0' }),
    how: oneOf(['stop', 'go', 'ask'], { help: 'what to do', value: 'HOW' }),
    to: text({ help: 'where to', value: 'PATH' }),
  }),
  command('look', 'PATH… | --host HOST', { host: text({ help: 'where', value: 'HOST' }) }),
];

/** What a command was called with. */
async function run(...args: string[]): Promise<Call | undefined> {
  const asked = readCommandLine(args, COMMANDS);
  if (!asked.ok) throw new Error(asked.error.says);
  if (!('run' in asked.value)) throw new Error('help');
  expect(await asked.value.run(new AbortController().signal)).toBe(EXIT.fine);
  return calls.pop();
}
const misuse = (...args: string[]): unknown => {
  const asked = readCommandLine(args, COMMANDS);
  return asked.ok ? asked.value : [asked.error.says, asked.error.next];
};
const helpOf = (...args: string[]): string | undefined => {
  const asked = readCommandLine(args, COMMANDS);
  return asked.ok && 'help' in asked.value ? asked.value.help.split('\n')[0] : undefined;
};

describe('a command line', () => {
  it('gives a command its file and every option, with what counts when nothing is written', async () => {
    expect(await run('move', 'a.yaml')).toEqual({
      command: 'move',
      paths: ['a.yaml'],
      options: { json: false, yes: false, verbose: false, count: 16, speed: 0.5, how: 'stop', to: undefined },
    });
  });

  it('gives a command the host of its option or the paths behind it, and not both', async () => {
    expect(await run('look', '--host', 'a')).toMatchObject({ paths: ['a'] });
    expect(await run('look', 'a', 'b')).toMatchObject({ paths: ['a', 'b'] });
    expect(misuse('look')).toEqual(['look needs texts to read, or a server: --host HOST.', 'k3s-ha look --help']);
    expect(misuse('look', '--host', 'a', 'b')).toEqual([
      'look takes one host and nothing else, or texts without a host.',
      'k3s-ha look --help',
    ]);
  });

  it('takes options before and behind the command, joined, short and grouped', async () => {
    expect(await run('--count', '3', 'move', '-vy', '--how=ask', 'a.yaml', '--to', 'b', '--speed=2e-1')).toMatchObject({
      paths: ['a.yaml'],
      options: { json: false, yes: true, verbose: true, count: 3, speed: 0.2, how: 'ask', to: 'b' },
    });
  });

  it('takes several paths where the command does, every repeated value, and the last one of others', async () => {
    expect(await run('check', 'a', '--level', 'x=1', 'b', '--level=y')).toMatchObject({
      paths: ['a', 'b'],
      options: { level: ['x=1', 'y'] },
    });
    expect(await run('move', 'a', '--count', '1', '--count', '2')).toMatchObject({ options: { count: 2 } });
  });

  it('takes names that begin with a dash behind --, and values that do behind =', async () => {
    expect(await run('move', '--to=-b', '--', '-a.yaml')).toMatchObject({ paths: ['-a.yaml'], options: { to: '-b' } });
  });

  it.each([
    [['frobnicate', 'x'], 'There is no command "frobnicate".'],
    [['frobnicate'], 'There is no command "frobnicate".'],
    [['chekc', '--frob'], 'There is no command "chekc"; did you mean "check"?'],
    [['chekc', '--help'], 'There is no command "chekc"; did you mean "check"?'],
    [['help', 'mov'], 'There is no command "mov"; did you mean "move"?'],
    [['cluster.k3s.yaml'], 'There is no command "cluster.k3s.yaml"; the command comes before the file.'],
    [['constructor', 'x'], 'There is no command "constructor".'],
    [[], 'No command was given.'],
    [['--json'], 'No command was given.'],
    [['--cuont', '3', 'move', 'a'], 'There is no option --cuont; did you mean --count?'],
  ])('tells what is wrong with the command first: %j', (args, says) => {
    expect(misuse(...args)).toEqual([says, 'k3s-ha --help']);
  });

  it.each([
    [['--frobnicate'], 'move has no option --frobnicate.'],
    [['--cuont', '3'], 'move has no option --cuont; did you mean --count?'],
    [['--cuont=3'], 'move has no option --cuont; did you mean --count?'],
    [['--level', 'x'], 'move has no option --level; check has it.'],
    [['-x'], 'move has no option -x.'],
    [['-json'], 'move has no option -json; did you mean --json?'],
    [['--__proto__'], 'move has no option --__proto__.'],
    [['--toString=1'], 'move has no option --toString.'],
    [['--json=no'], '--json takes no value.'],
    [['--count'], '--count needs a value: --count N'],
    [['--count', '--json'], '--count needs a value: --count N'],
    [['--to='], '--to needs a value: --to PATH'],
    [['--count', '1.5'], '--count needs a whole number of at least 1; "1.5" is not that.'],
    [['--count', '0'], '--count needs a whole number of at least 1; "0" is not that.'],
    [['--speed', 'Infinity'], '--speed needs a number above 0; "Infinity" is not that.'],
    [['--speed', 'fast'], '--speed needs a number above 0; "fast" is not that.'],
    [['--how', 'maybe'], '--how is stop, go or ask; "maybe" is not that.'],
    [['b.yaml', 'c.yaml'], 'move takes one cluster file; 3 were given.'],
  ])('refuses what the command does not take: %j', (more, says) => {
    expect(misuse('move', 'a.yaml', ...more)).toEqual([says, 'k3s-ha move --help']);
  });

  it('asks for the file', () => {
    expect(misuse('move')).toEqual(['move needs a cluster file.', 'k3s-ha move --help']);
    expect(misuse('check', '--json')).toEqual(['check needs a cluster file.', 'k3s-ha check --help']);
  });

  it('gives the help of all, or of the command that is named, whatever else is written', () => {
    for (const args of [['--help'], ['-h'], ['help'], ['--help', '--json'], ['help', '--frob']])
      expect(helpOf(...args)).toBe('Usage: k3s-ha <command> FILE [options]');
    for (const args of [
      ['move', '--help'],
      ['--help', 'move'],
      ['help', 'move'],
      ['move', 'a', '--frob', '-h'],
    ])
      expect(helpOf(...args)).toBe('Usage: k3s-ha move FILE [options]');
  });
});
