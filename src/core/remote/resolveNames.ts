import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * Standard input: names, one a line. Prints `NAME=` with the addresses that the machine finds for each, or `none` where it has
 * no program that asks as its own programs do. All are asked for at the same time, and none for longer than eight seconds.
 */
export const RESOLVE_NAMES_SCRIPT: RemoteScript = {
  id: 'resolve-names',
  text: `export LC_ALL=C
command -v getent >/dev/null 2>&1 || { echo none; exit 0; }
ask() {
  found=$(timeout 8 getent ahosts "$1" 2>/dev/null | awk '{ print $1 }' | sort -u | tr '\\n' ' ')
  [ -n "$found" ] || found=$(timeout 8 getent hosts "$1" 2>/dev/null | awk '{ print $1 }' | sort -u | tr '\\n' ' ')
  echo "$1=$found"
}
while read -r name; do ask "$name" < /dev/null & done
wait
`,
};

/** Those of these names that the machine finds no address for; undefined when it has nothing to ask with. */
export function unknownNames(names: readonly string[]): RemoteCommand<readonly string[] | undefined> {
  return {
    script: RESOLVE_NAMES_SCRIPT,
    args: [],
    stdin: names.map((name) => `${name}\n`).join(''),
    sudo: false,
    timeoutMs: 30_000,
    secrets: [],
    parse: ({ stdout, stderr, exitCode }) => {
      if (stdout.trim() === 'none') return ok(undefined);
      if (exitCode !== 0)
        return err(
          problem('names-not-asked', 'The machine could not be asked for names', { why: stderr.trim().slice(0, 300) }),
        );
      const said = new Map(
        [...stdout.matchAll(/^([^=\n]+)=(.*)$/gm)].map(([, name = '', found = '']) => [name, found]),
      );
      // A name that is not spoken of was not asked for.
      return ok(names.filter((name) => said.get(name)?.trim() === ''));
    },
  };
}
