import { firstWords, type CommandRow, type OptionRow, type Place } from './table';

/** For `k3s-ha completion fish | source`, or a file k3s-ha.fish in ~/.config/fish/completions. */
export function fish(table: readonly CommandRow[]): string {
  const lines = [
    '# fish completion for k3s-ha: k3s-ha completion fish | source',
    'complete -c k3s-ha -f',
    'complete -c k3s-ha -n __fish_use_subcommand -s h -l help -d help',
    "complete -c k3s-ha -n __fish_use_subcommand -l version -d 'the version of this program'",
    ...[...firstWords(table)].map(
      ([word, help]) => `complete -c k3s-ha -n __fish_use_subcommand -a ${q(word)} -d ${q(help)}`,
    ),
    `complete -c k3s-ha -n '__fish_seen_subcommand_from help' -a ${q([...firstWords(table).keys()].join(' '))}`,
    ...table.flatMap((row) => [...second(row), ...argument(row), ...row.options.map((each) => option(row, each))]),
  ];
  return `${lines.join('\n')}\n`;
}

const PLACE: Readonly<Record<Place, string>> = {
  file: '-r -F',
  'cluster file': `-a ${q("(__fish_complete_path (commandline -ct) | string match -r '^[^\\t]*(?:/|\\.ya?ml)(?:\\t.*)?$')")}`,
  folder: `-x -a ${q('(__fish_complete_directories)')}`,
  anything: '-x',
};

function second({ name: [first = '', word], summary }: CommandRow): readonly string[] {
  return word === undefined
    ? []
    : [
        `complete -c k3s-ha -n ${q(`__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${word}`)} -a ${q(word)} -d ${q(summary)}`,
      ];
}

function argument({ name, words, place }: CommandRow): readonly string[] {
  const files = place === 'cluster file' ? [`complete -c k3s-ha -n ${q(seen(name))} ${PLACE[place]}`] : [];
  return words.length === 0
    ? files
    : [
        `complete -c k3s-ha -n ${q(`${seen(name)}; and not __fish_seen_subcommand_from ${words.join(' ')}`)} -a ${q(words.join(' '))}`,
        ...files,
      ];
}

function option({ name }: CommandRow, { names, help, value }: OptionRow): string {
  const flags = names.map((each) => (each.startsWith('--') ? `-l ${each.slice(2)}` : `-s ${each.slice(1)}`));
  const values =
    value === undefined ? '' : value.words.length > 0 ? ` -x -a ${q(value.words.join(' '))}` : ` ${PLACE[value.place]}`;
  return `complete -c k3s-ha -n ${q(seen(name))} ${flags.join(' ')}${values} -d ${q(help)}`;
}

function seen(name: readonly string[]): string {
  return name.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
}

function q(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
