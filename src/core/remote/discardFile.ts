import { err, ok } from '../base/result';
import { failed } from './failure';
import { HASH_FUNCTION } from './fileSha256';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** $1: path, $2: sha256. Removes a file that was sent, as long as it is still that one. */
export const DISCARD_FILE_SCRIPT: RemoteScript = {
  id: 'discard-file',
  text: `export LC_ALL=C
${HASH_FUNCTION}
if [ ! -f "$1" ] || [ "$(hash < "$1")" != "$2" ]; then exit 0; fi
rm -f "$1"`,
};

/** Takes away what was sent to a host and turned out to be of no use. */
export function discardFile(path: string, sha256: string): RemoteCommand<void> {
  return {
    script: DISCARD_FILE_SCRIPT,
    args: [path, sha256],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0 ? ok(undefined) : err(failed('remove-failed', `${path} could not be removed`, output)),
  };
}
