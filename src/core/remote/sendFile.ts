import { err, ok } from '../base/result';
import { failed } from './failure';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** $1: path. Sends a file as it is; whoever gets it counts and hashes its bytes. */
export const SEND_FILE_SCRIPT: RemoteScript = {
  id: 'send-file',
  text: `if [ ! -f "$1" ]; then echo "$1 does not exist" >&2; exit 2; fi
exec cat "$1"`,
};

/** Between two pieces of the file. */
const PAUSE_MS = 60_000;

/** Sends a file of root's to this machine, to whoever takes the output piece by piece. */
export function sendFile(path: string): RemoteCommand<void> {
  return {
    script: SEND_FILE_SCRIPT,
    args: [path],
    sudo: true,
    timeoutMs: PAUSE_MS,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0 ? ok(undefined) : err(failed('file-not-sent', `${path} could not be sent`, output)),
  };
}
