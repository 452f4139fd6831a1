import type { Command } from '../command';
import type { Option } from '../option';

/** What may stand behind an option or a command. */
export type Place = 'file' | 'cluster file' | 'folder' | 'anything';

/** An option as shells complete it. */
export interface OptionRow {
  /** With its dashes. */
  readonly names: readonly string[];
  readonly help: string;
  /** Undefined for a flag. */
  readonly value?: { readonly words: readonly string[]; readonly place: Place };
}

/** A command as shells complete it. */
export interface CommandRow {
  /** One, or two. */
  readonly name: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionRow[];
  /** What its first word may be. */
  readonly words: readonly string[];
  readonly place: Place;
}

const PLACES: Readonly<Record<string, Place>> = { FILE: 'file', PATH: 'file', FOLDER: 'folder', DIR: 'folder' };

/** All that completion knows, from the table that parser and help read. */
export function completionTable(commands: readonly Command[]): readonly CommandRow[] {
  return commands.map(({ name, summary, options, words = [], argument }) => ({
    name: name.split(' '),
    summary,
    words,
    place: /FILE|PATH/.test(argument) ? 'cluster file' : 'anything',
    options: [
      ...Object.entries(options).map(([option, about]) => optionRow(option, about)),
      { names: ['--help', '-h'], help: 'help with examples' },
    ],
  }));
}

/** Every option once: an option means the same wherever it is. */
export function everyOption(table: readonly CommandRow[]): readonly OptionRow[] {
  return [...new Map(table.flatMap(({ options }) => options).map((option) => [option.names[0], option])).values()];
}

/** First words with what they do: those of two words come once. */
export function firstWords(table: readonly CommandRow[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const { name, summary } of table) {
    const [first = ''] = name;
    words.set(first, words.has(first) ? `${words.get(first)}; ${summary}` : summary);
  }
  return words.set('help', 'the options of a command, with examples');
}

function optionRow(name: string, { short, value, words = [], help }: Option): OptionRow {
  return {
    names: [`--${name}`, ...(short === undefined ? [] : [`-${short}`])],
    help,
    ...(value === undefined ? {} : { value: { words, place: PLACES[value] ?? 'anything' } }),
  };
}
