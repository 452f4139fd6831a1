import { completeValue, skipOptions } from './shellText';
import { everyOption, firstWords, type CommandRow, type OptionRow, type Place } from './table';

/** For `source <(k3s-ha completion zsh)`, or a file `_k3s-ha` in fpath. */
export function zsh(table: readonly CommandRow[]): string {
  const withValue = everyOption(table).filter((option) => option.value !== undefined);
  const two = [...new Set(table.flatMap(({ name }) => (name.length > 1 ? [name[0] ?? ''] : [])))];
  return `#compdef k3s-ha
# zsh completion for k3s-ha: source <(k3s-ha completion zsh)
_k3s_ha() {
  local current=\${words[CURRENT]} before=\${words[CURRENT-1]} command= word skip= i
  local -i n=0
  local -a rows
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
${skipOptions(withValue)}
    n=$((n + 1))
    if (( n == 1 )) && [[ -z $command ]]; then command=$word
    elif (( n == 2 )) && [[ $command == (${two.join('|')}) ]]; then command="$command $word"; n=1
    fi
  done
${completeValue(withValue, valueOf)}
  if [[ $current == -* ]]; then
    case $command in
${table
  .map(
    ({ name, options }) =>
      `      ${q(name.join(' '))}) ${rows(
        options.flatMap(({ names, help }) => names.map((each) => [each, help] as const)),
        '-o option',
      )} ;;`,
  )
  .join('\n')}
      *) ${rows(
        [
          ['--help', 'help'],
          ['--version', 'the version of this program'],
        ],
        '-o option',
      )} ;;
    esac
    return
  fi
  case "$n $command" in
    '0 ') ${rows([...firstWords(table)], 'command')} ;;
${two
  .map(
    (first) =>
      `    '1 ${first}') ${rows(
        table.flatMap(({ name, summary }) =>
          name[0] === first && name[1] !== undefined ? [[name[1], summary] as const] : [],
        ),
        'command',
      )} ;;`,
  )
  .join('\n')}
${table
  .filter(({ words }) => words.length > 0)
  .map(({ name, words }) => `    '1 ${name.join(' ')}') compadd -- ${words.map(q).join(' ')} ;;`)
  .join('\n')}
    *) ${PLACE['cluster file']} ;;
  esac
}
if [[ \${funcstack[1]} == _k3s-ha ]]; then _k3s_ha "$@"; else compdef _k3s_ha k3s-ha; fi
`;
}

const PLACE: Readonly<Record<Place, string>> = {
  file: '_files',
  'cluster file': `_files -g '*.(yaml|yml)(-.)'`,
  folder: '_files -/',
  anything: ':',
};

type Row = readonly [word: string, help: string];

/** Words with what they do; a colon parts the two. */
function rows(all: readonly Row[], tag: string): string {
  const each = all.map(([word, help]) => q(`${word.replaceAll(':', '\\:')}:${help}`));
  return `rows=(${each.join(' ')}); _describe ${tag} rows`;
}

function valueOf({ names, value }: OptionRow): string {
  const words = value?.words ?? [];
  const action = words.length === 0 ? PLACE[value?.place ?? 'anything'] : `compadd -- ${words.map(q).join(' ')}`;
  return `      ${names.join('|')}) ${action} ;;`;
}

function q(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
