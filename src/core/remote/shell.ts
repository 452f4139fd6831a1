import type { RemoteScript } from './remoteCommand';

/** The one quoting function: a word that any POSIX shell (and fish) reads back unchanged. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word as people write it in a command that they are told to run: bare where that is safe, quoted otherwise. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9._/:@%+=,-]+$/.test(word) ? word : quote(word);
}

/** First line of standard input after the sudo password; proves that sudo has consumed the password. */
export const STDIN_MARK = 'k3s-ha-stdin';

/** Exit status of the guard below when the first line was not the mark (sudo did not ask for the password). */
export const STDIN_MARK_MISSING = 97;

/**
 * sudo reads the password line only when it asks for one. If it does not ask, the password would become data of the
 * script (a file's first line, say), so this guard refuses to go on unless the mark comes first.
 */
const GUARD = `IFS= read -r mark || exit ${STDIN_MARK_MISSING}
[ "$mark" = ${STDIN_MARK} ] || exit ${STDIN_MARK_MISSING}
text=$1
shift
exec sh -c "$text" "$@"`;

export type Elevation = 'none' | 'sudo' | 'sudo-password';

/** The command line sent over SSH: `[sudo …] sh -c '<script>' <id> '<arg>' …`. */
export function commandLine(script: RemoteScript, args: readonly string[], elevation: Elevation): string {
  const words = [script.id, ...args].map(quote).join(' ');
  switch (elevation) {
    case 'none':
      return `sh -c ${quote(script.text)} ${words}`;
    case 'sudo':
      return `sudo -k -n -- sh -c ${quote(script.text)} ${words}`;
    case 'sudo-password':
      return `sudo -k -S -p '' -- sh -c ${quote(GUARD)} k3s-ha ${quote(script.text)} ${words}`;
  }
}

/** What {@link commandLine} reads before the script's own input: for `sudo-password` the password line and the mark. */
export function inputHead(elevation: Elevation, password: string | undefined): string {
  return elevation === 'sudo-password' ? `${password ?? ''}\n${STDIN_MARK}\n` : '';
}

/** What {@link commandLine} was made of. */
export interface ParsedCommandLine {
  readonly scriptText: string;
  readonly id: string;
  readonly args: readonly string[];
  readonly elevation: Elevation;
}

/** Inverse of {@link commandLine}, for hosts that answer scripts without a shell; undefined for anything else. */
export function parseCommandLine(line: string): ParsedCommandLine | undefined {
  const words = splitWords(line);
  if (words === undefined) return undefined;
  const starts = (prefix: readonly string[]): boolean => prefix.every((word, i) => words[i] === word);
  const build = (elevation: Elevation, skip: number): ParsedCommandLine | undefined => {
    const [scriptText, id, ...args] = words.slice(skip);
    return scriptText === undefined || id === undefined ? undefined : { scriptText, id, args, elevation };
  };
  if (starts(['sudo', '-k', '-S', '-p', '', '--', 'sh', '-c', GUARD, 'k3s-ha'])) return build('sudo-password', 10);
  if (starts(['sudo', '-k', '-n', '--', 'sh', '-c'])) return build('sudo', 6);
  if (starts(['sh', '-c'])) return build('none', 2);
  return undefined;
}

/** Splits bare words and single-quoted words joined as {@link quote} writes them. */
function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let i = 0;
  while (i < line.length) {
    if (line[i] === ' ') {
      i += 1;
      continue;
    }
    let word = '';
    while (i < line.length && line[i] !== ' ') {
      if (line[i] === "'") {
        const end = line.indexOf("'", i + 1);
        if (end < 0) return undefined;
        word += line.slice(i + 1, end);
        i = end + 1;
      } else if (line[i] === '\\') {
        if (i + 1 >= line.length) return undefined;
        word += line[i + 1];
        i += 2;
      } else {
        word += line[i];
        i += 1;
      }
    }
    words.push(word);
  }
  return words;
}
