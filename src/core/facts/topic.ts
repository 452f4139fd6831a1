import { K3S_PATH } from '../remote/hostK3s';
import { SERVICES } from '../remote/serviceManager';

/** What a host printed for its topics, by key. */
export interface FactValues {
  /** Empty when it printed nothing under the key. */
  text(key: string): string;
  /** Undefined when it printed nothing, or nothing but blanks. */
  optional(key: string): string | undefined;
  yes(key: string): boolean;
  words(key: string): readonly string[];
  number(key: string): number;
  /** Texts of several lines under `<prefix> <name>`, by name, in the order in which they came. */
  texts(prefix: string): ReadonlyMap<string, string>;
}

/**
 * One subject of a look at a host: its part of the script of the probe, and the parser of what that prints. The part is
 * run as root, after the functions of {@link PROBE_FUNCTIONS}; `$1` is K3s's data-dir. It changes nothing.
 */
export interface FactTopic<T> {
  readonly name: string;
  readonly script: string;
  read(values: FactValues): T;
}

/** What several topics tell together. */
export type FactsOf<Topics extends readonly unknown[]> = Topics extends readonly [FactTopic<infer First>, ...infer Rest]
  ? First & FactsOf<Rest>
  : unknown;

/**
 * `put KEY VALUE` prints a line; `put_file NAME PATH` prints a text file of at most 256 KiB on one line, with line ends and
 * backslashes escaped; `k3s_path` prints the K3s of the host.
 */
export const PROBE_FUNCTIONS = String.raw`export LC_ALL=C
${K3S_PATH}
${SERVICES}
put() { printf '%s=%s\n' "$1" "$2"; }
escaped() { awk '{ gsub(/\\/, "&&"); printf "%s\\n", $0 }'; }
put_file() {
  [ -f "$2" ] || return 0
  if [ "$(wc -c < "$2")" -gt 262144 ]; then put "large $1" "$2"; return 0; fi
  put "$1" "$(escaped < "$2")"
}
`;

/** Reads the `key=value` lines of a probe. */
export function factValues(output: string): FactValues {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1));
  }
  const text = (key: string): string => values.get(key)?.trim() ?? '';
  return {
    text,
    optional: (key) => (text(key) === '' ? undefined : text(key)),
    yes: (key) => text(key) === 'yes',
    words: (key) =>
      text(key)
        .split(' ')
        .filter((word) => word !== ''),
    number: (key) => Number(text(key)),
    texts: (prefix) =>
      new Map(
        [...values]
          .filter(([key]) => key.startsWith(`${prefix} `))
          .map(([key, value]) => [key.slice(prefix.length + 1), unescaped(value)]),
      ),
  };
}

function unescaped(line: string): string {
  return line.replace(/\\(.)/g, (_, next: string) => (next === 'n' ? '\n' : next));
}
