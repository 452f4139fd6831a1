import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../core/base/result';
import { closest } from '../core/base/suggestion';
import { listed } from '../core/base/words';
import { USUAL_FILE, type Command, type Paths } from './command';
import type { ExitCode } from './exitCodes';
import { helpOfAll, helpOfCommand } from './help';
import type { Option } from './option';

/** What a command line asks for. */
export type Asked =
  { readonly help: string } | { readonly version: true } | { run(signal: AbortSignal): Promise<ExitCode> };

/** What is wrong with a command line, as a sentence, and the command line that tells how to do it right. */
export interface Misuse {
  readonly says: string;
  readonly next: string;
}

interface WrittenOption {
  readonly index: number;
  readonly name: string;
  /** With its dashes. */
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

/**
 * Reads a command line. The command decides which options there are, so what is wrong with the command is told first;
 * options may stand before it all the same.
 */
export function readCommandLine(args: readonly string[], commands: readonly Command[]): Result<Asked, Misuse> {
  const { tokens } = parseArgs({
    args: [...args],
    options: everyOption(commands),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words = tokens.filter((token) => token.kind === 'positional');
  const written: readonly WrittenOption[] = tokens.filter((token) => token.kind === 'option');
  const asksHelp = written.some(isHelp) || words[0]?.value === 'help';
  const [named, ...rest] = words[0]?.value === 'help' ? words.slice(1) : words;

  if (named === undefined && written.some(({ name }) => name === 'version')) return ok({ version: true });
  if (named === undefined && asksHelp) return ok({ help: helpOfAll(commands) });
  const names = [...new Set(commands.flatMap(({ options }) => Object.keys(options)))];
  const stray = written.find(
    (option) => option.index < (named?.index ?? Infinity) && !isHelp(option) && !names.includes(option.name),
  );
  // What follows such an option may be its value and no command.
  if (stray !== undefined) return misuse(`There is no option ${as(stray, args)}${meant(stray, args, names)}`);
  if (named === undefined) return misuse('No command was given.');
  // A name may be two words: `certificates renew`.
  const two = `${named.value} ${rest[0]?.value ?? ''}`;
  const command = commands.find(({ name }) => name === two) ?? commands.find(({ name }) => name === named.value);
  if (command === undefined) return misuse(noCommand(named.value, commands));
  if (command.name === two) rest.shift();
  if (asksHelp) return ok({ help: helpOfCommand(command) });

  const values = readOptions(command, written, args, commands);
  if (!values.ok) return misuse(values.error, command);
  const byHost = command.argument === 'PATH… | --host HOST';
  const host = byHost ? values.value['host'] : undefined;
  const given = [...(typeof host === 'string' ? [host] : []), ...rest.map(({ value }) => value)];
  if (given.length === 0 && command.argument === '[FILE]') given.push(USUAL_FILE);
  const [first, ...more] = given;
  if (first === undefined) return misuse(`${command.name} needs ${lacking(command)}.`, command);
  if (command.argument === 'SHELL' && command.words?.includes(first) !== true)
    return misuse(noWord(first, command), command);
  if (command.argument === 'SHELL' && more.length > 0)
    return misuse(`${command.name} takes one shell; ${more.length + 1} were given.`, command);
  if (host !== undefined && more.length > 0)
    return misuse(`${command.name} takes one host and nothing else, or texts without a host.`, command);
  if (['FILE', '[FILE]'].includes(command.argument) && more.length > 0)
    return misuse(`${command.name} takes one cluster file; ${more.length + 1} were given.`, command);
  if (command.argument === 'FILE NODE…' && more.length === 0)
    return misuse(`${command.name} needs the nodes that are meant, behind the cluster file.`, command);
  if (command.argument === 'FILE NODE' && more.length !== 1)
    return misuse(`${command.name} needs one node behind the cluster file; ${more.length} were given.`, command);
  if (command.argument === 'FILE NODE HOST' && more.length !== 2)
    return misuse(
      `${command.name} needs a node behind the cluster file, and the machine that takes its place; ${more.length} were given.`,
      command,
    );
  if (command.argument === 'FILE -- COMMAND' && more.length === 0)
    return misuse(`${command.name} needs a command line behind the cluster file and "--".`, command);
  const paths: Paths = [first, ...more];
  return ok({ run: (signal) => command.run(paths, values.value, signal, commands) });
}

function lacking({ argument, words = [] }: Command): string {
  if (argument === 'PATH… | --host HOST') return 'texts to read, or a server: --host HOST';
  if (argument === 'SHELL') return `a shell: ${words.join(', ')}`;
  return argument.startsWith('VERB') ? 'a verb and a cluster file' : 'a cluster file';
}

function noWord(word: string, { name, words = [] }: Command): string {
  const near = closest(word, words);
  return `${name} does not know "${word}"; ${near === undefined ? `it knows ${listed(words)}.` : `did you mean "${near}"?`}`;
}

/** What `parseArgs` has to know to tell values of options from words: an option means the same in every command. */
function everyOption(commands: readonly Command[]): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const options = Object.assign({}, ...commands.map((command) => command.options)) as Record<string, Option>;
  return Object.fromEntries(
    Object.entries({ ...options, help: { short: 'h', value: undefined } }).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) },
    ]),
  );
}

function isHelp({ name }: WrittenOption): boolean {
  return name === 'help';
}

function misuse(says: string, command?: Command): Result<Asked, Misuse> {
  return err({ says, next: command === undefined ? 'k3s-ha --help' : `k3s-ha ${command.name} --help` });
}

function noCommand(name: string, commands: readonly Command[]): string {
  const near = closest(
    name,
    commands.map((command) => command.name),
  );
  const verbs = commands.flatMap((command) => (command.name.startsWith(`${name} `) ? [`"${command.name}"`] : []));
  if (verbs.length > 0) return `"${name}" needs a second word: ${listed(verbs)}.`;
  if (near !== undefined) return `There is no command "${name}"; did you mean "${near}"?`;
  return `There is no command "${name}"${/[./\\]/.test(name) ? '; the command comes before the file' : ''}.`;
}

/** The values for a command, by the names of its options; the error is a sentence. */
function readOptions(
  command: Command,
  written: readonly WrittenOption[],
  args: readonly string[],
  commands: readonly Command[],
): Result<Record<string, unknown>, string> {
  const texts: Record<string, string[]> = {};
  for (const option of written) {
    if (!Object.hasOwn(command.options, option.name)) return err(notOf(command, option, args, commands));
    const kind = command.options[option.name]?.value;
    if (kind === undefined && option.inlineValue === true) return err(`${option.rawName} takes no value.`);
    if (kind !== undefined && !hasValue(option))
      return err(`${option.rawName} needs a value: ${option.rawName} ${kind}`);
    (texts[option.name] ??= []).push(option.value ?? '');
  }
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(command.options)) {
    const value = option.read(texts[name] ?? [], `--${name}`);
    if (!value.ok) return value;
    values[name] = value.value;
  }
  return ok(values);
}

/** Another option is no value, unless it was joined with `=`. */
function hasValue({ value = '', inlineValue }: WrittenOption): boolean {
  return value !== '' && (inlineValue === true || !/^-./.test(value));
}

function notOf(command: Command, option: WrittenOption, args: readonly string[], commands: readonly Command[]): string {
  const owners = commands.filter(({ options }) => Object.hasOwn(options, option.name)).map(({ name }) => name);
  const end =
    owners.length === 0
      ? meant(option, args, Object.keys(command.options))
      : `; ${listed(owners)} ${owners.length === 1 ? 'has' : 'have'} it.`;
  return `${command.name} has no option ${as(option, args)}${end}`;
}

/** As typed, without a value: letters behind one dash are told whole, for most likely they are a name that lacks a dash. */
function as({ index, rawName }: WrittenOption, args: readonly string[]): string {
  const arg = args[index]?.split('=', 1)[0] ?? rawName;
  return /^-\w[\w-]/.test(arg) ? arg : rawName;
}

/** The end of a sentence, with the nearest of the names; of single letters none is near. */
function meant(option: WrittenOption, args: readonly string[], names: readonly string[]): string {
  const name = as(option, args).replace(/^-+/, '');
  const near = name.length === 1 ? undefined : closest(name, names);
  return near === undefined ? '.' : `; did you mean --${near}?`;
}
