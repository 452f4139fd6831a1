import type { Command } from './command';
import { EXIT, EXIT_MEANS } from './exitCodes';
import type { Option } from './option';
import { terminalWidth } from './terminal';
import { wrapped } from './wrap';

/** Where lines end, in columns. */
const WIDTH = Math.min(100, terminalWidth(process.stdout) ?? 100);
/** Where less is left for it, the second column goes below the first one. */
const ROOM = 40;

type Row = readonly [left: string, right: string];

/** `k3s-ha --help`: the commands, the options with the commands that have them, and the exit status. */
export function helpOfAll(commands: readonly Command[]): string {
  const names = [...new Set(commands.flatMap(({ options }) => Object.keys(options)))];
  const options = names.map((name): Row => {
    const owners = commands.filter((command) => Object.hasOwn(command.options, name));
    const whose = owners.map((owner) => owner.name).join(', ');
    const [left, right] = optionRow(name, owners[0]?.options[name] as Option);
    return [left, `${whose}: ${right}`];
  });
  const statuses = Object.entries(EXIT).map(([name, code]): Row => [`${code}`, EXIT_MEANS[name as keyof typeof EXIT]]);
  return [
    'Usage: k3s-ha <command> FILE [options]',
    section('Commands', [
      ...commands.map(({ name, argument, summary }): Row => [`${name} ${argument}`, summary]),
      ['help <command>', 'the options of a command, with examples'],
    ]),
    section('Options', [...options, HELP_ROW, VERSION_ROW]),
    section('Exit status', statuses),
  ].join('\n\n');
}

/** `k3s-ha <command> --help`. */
export function helpOfCommand(command: Command): string {
  const { summary, options, examples } = command;
  return [
    `Usage: ${usageOf(command)}`,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    section('Options', [...Object.entries(options).map(([option, about]) => optionRow(option, about)), HELP_ROW]),
    ['Examples', ...examples.map(({ line, does }) => `  ${line}\n${below(does)}`)].join('\n'),
  ].join('\n\n');
}

/** How a command is typed; what stands behind `--` is read by nobody here. */
export function usageOf({ name, argument }: Pick<Command, 'name' | 'argument'>): string {
  const [file, ...rest] = argument.split(' -- ');
  return ['k3s-ha', name, file, '[options]', ...rest.map((word) => `-- ${word}`)].join(' ');
}

const HELP_ROW: Row = ['-h, --help', 'this help'];
const VERSION_ROW: Row = ['--version', 'the version of this program'];

function optionRow(name: string, { short, value, repeats, preset, help }: Option): Row {
  return [
    `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    `${help}${preset === undefined ? '' : ` (${preset})`}${repeats === true ? '; may be repeated' : ''}`,
  ];
}

/** A heading, and two columns below it. */
function section(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 4;
  const beside = WIDTH - width >= ROOM;
  const lines = rows.map(([left, right]) =>
    beside ? wrapped(`  ${left.padEnd(width - 3)} ${right}`, width, WIDTH).join('\n') : `  ${left}\n${below(right)}`,
  );
  return [title, ...lines].join('\n');
}

function below(text: string): string {
  return wrapped(`${BLANKS}${text}`, BLANKS.length, WIDTH).join('\n');
}

const BLANKS = ' '.repeat(6);
