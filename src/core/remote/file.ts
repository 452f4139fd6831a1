import { err, ok } from '../base/result';
import { utf8Length } from '../base/text';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { failed } from './failure';
import { replaceFile } from './upload';

/** $1: path. Prints the file; exit status 2 when it does not exist. */
export const READ_FILE_SCRIPT: RemoteScript = {
  id: 'read-file',
  text: `if [ ! -f "$1" ]; then echo "$1 does not exist" >&2; exit 2; fi
cat "$1"`,
};

/** Writes a text file of root's with the given mode (e.g. `0600`). `secrets` are masked in whatever the host answers. */
export function writeFile(
  path: string,
  mode: string,
  content: string,
  secrets: readonly string[] = [],
): RemoteCommand<void> {
  return replaceFile(path, mode, content, { size: utf8Length(content), sha256: '' }, secrets);
}

/** Reads a text file as root. */
export function readFile(path: string): RemoteCommand<string> {
  return {
    script: READ_FILE_SCRIPT,
    args: [path],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0 ? ok(output.stdout) : err(failed('read-failed', `${path} could not be read`, output)),
  };
}
