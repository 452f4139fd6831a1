import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { PLACED_PATH } from '../k3s/paths';
import { failed } from './failure';
import { HASH_FUNCTION } from './fileSha256';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * $1: path. Removes a file that was placed, unless somebody else has changed it, and forgets it either way. Prints `removed`,
 * `absent` or `changed`.
 */
export const REMOVE_PLACED_SCRIPT: RemoteScript = {
  id: 'remove-placed',
  text: `export LC_ALL=C
${HASH_FUNCTION}
placed=${PLACED_PATH}
sums=$(while read -r sum when path; do if [ "$path" = "$1" ]; then echo "$sum"; fi; done < $placed) || exit 1
if [ ! -e "$1" ]; then answer=absent
elif [ -f "$1" ] && echo "$sums" | grep -qx "$(hash < "$1")"; then rm -f "$1" || exit 1; answer=removed
else answer=changed
fi
umask 077
while read -r sum when path; do
  if [ "$path" != "$1" ]; then echo "$sum $when $path"; fi
done < $placed > $placed.new && sync $placed.new && mv -f $placed.new $placed || exit 1
echo $answer`,
};

/** What became of a placed file. */
export type Removal = 'removed' | 'absent' | 'changed';

/** Takes a file away that was placed on a host and that nobody wants any more. */
export function removePlaced(path: string): RemoteCommand<Removal> {
  return {
    script: REMOVE_PLACED_SCRIPT,
    args: [path],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output) => parse(path, output),
  };
}

function parse(path: string, output: RemoteOutput): Result<Removal, Problem> {
  const answer = /^(removed|absent|changed)$/m.exec(output.stdout)?.[1];
  if (output.exitCode !== 0) return err(failed('remove-failed', `${path} could not be removed`, output));
  if (answer === undefined) return err(problem('remove-failed', `The host did not tell whether ${path} is gone`));
  return ok(answer as Removal);
}
