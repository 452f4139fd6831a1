import type { OptionRow } from './table';

/** What bash and zsh have in common while they go through the words before the cursor: values of options are skipped, and options too. */
export function skipOptions(withValue: readonly OptionRow[]): string {
  return `    if [[ -n $skip ]]; then skip=; continue; fi
    case $word in
      ${withValue.flatMap(({ names }) => names).join('|')}) skip=1; continue ;;
      -*|help) continue ;;
    esac`;
}

/** At the value of an option: `valueOf` gives the branch of each that offers what it may be. */
export function completeValue(withValue: readonly OptionRow[], valueOf: (option: OptionRow) => string): string {
  return `  if [[ -n $skip ]]; then
    case $before in
${withValue.map(valueOf).join('\n')}
    esac
    return
  fi`;
}
