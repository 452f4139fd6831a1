import { completeValue, skipOptions } from './shellText';
import { everyOption, firstWords, type CommandRow, type OptionRow, type Place } from './table';

/** For `source <(k3s-ha completion bash)`: plain bash 3.2, without the package bash-completion. */
export function bash(table: readonly CommandRow[]): string {
  const withValue = everyOption(table).filter((option) => option.value !== undefined);
  const two = new Map<string, string[]>();
  for (const {
    name: [first = '', second],
  } of table)
    if (second !== undefined) two.set(first, [...(two.get(first) ?? []), second]);
  return `# bash completion for k3s-ha: source <(k3s-ha completion bash)
_k3s_ha() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= words=0 skip= word i
  local IFS=$'\\n'
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
${skipOptions(withValue)}
    words=$((words + 1))
    case "$words $command" in
      '1 ') command=$word ;;
${[...two.keys()].map((first) => `      '2 ${first}') command="$command $word"; words=1 ;;`).join('\n')}
    esac
  done
${completeValue(withValue, valueOf)}
  if [[ $current == -* ]]; then
    case $command in
${table.map(({ name, options }) => `      ${q(name.join(' '))}) ${given(options.flatMap(({ names }) => names))} ;;`).join('\n')}
      *) ${given(['--help', '--version'])} ;;
    esac
    return
  fi
  case "$words $command" in
    '0 ') ${given([...firstWords(table).keys()])} ;;
${[...two].map(([first, seconds]) => `    '1 ${first}') ${given(seconds)} ;;`).join('\n')}
${table
  .filter(({ words }) => words.length > 0)
  .map(({ name, words }) => `    '1 ${name.join(' ')}') ${given(words)} ;;`)
  .join('\n')}
    *) ${PLACE['cluster file']} ;;
  esac
}
complete -o filenames -o bashdefault -F _k3s_ha k3s-ha
`;
}

const PLACE: Readonly<Record<Place, string>> = {
  file: 'COMPREPLY=($(compgen -f -- "$current"))',
  'cluster file': `COMPREPLY=($(compgen -d -- "$current"; compgen -f -- "$current" | grep -E '\\.ya?ml$'))`,
  folder: 'COMPREPLY=($(compgen -d -- "$current"))',
  anything: ':',
};

function given(words: readonly string[]): string {
  return `COMPREPLY=($(IFS=' '; compgen -W ${q(words.join(' '))} -- "$current"))`;
}

function valueOf({ names, value }: OptionRow): string {
  const action =
    value === undefined || value.words.length === 0 ? PLACE[value?.place ?? 'anything'] : given(value.words);
  return `      ${names.join('|')}) ${action} ;;`;
}

function q(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
