import { err, ok } from '../base/result';
import { utf8Length } from '../base/text';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { failed } from './failure';

/**
 * $1: path, $2: octal mode, $3: number of bytes; content on standard input. Replaces the file in one step, or leaves
 * the old one: a full disk or a connection that ends in the middle never leaves half a file. A folder of that name is
 * refused, because mv would put the file into it and report success; `mv -T`, which says so itself, is missing in older
 * BusyBox. A symbolic link to a file is replaced by the file, a link to a folder is refused like the folder.
 */
export const WRITE_FILE_SCRIPT: RemoteScript = {
  id: 'write-file',
  text: `export LC_ALL=C
if [ -d "$1" ]; then echo "$1 is a folder" >&2; exit 1; fi
folder=$(dirname "$1")
mkdir -p "$folder" || exit 1
umask 077
temporary=$(mktemp "$folder/.k3s-ha.XXXXXX") || exit 1
trap 'rm -f "$temporary"' EXIT
cat > "$temporary" || exit 1
if [ "$(wc -c < "$temporary")" -ne "$3" ]; then echo "only a part of the file arrived" >&2; exit 1; fi
chmod "$2" "$temporary" && sync "$temporary" && mv -f "$temporary" "$1" || exit 1
trap - EXIT`,
};

/** $1: path. Prints the file; exit status 2 when it does not exist. */
export const READ_FILE_SCRIPT: RemoteScript = {
  id: 'read-file',
  text: `if [ ! -f "$1" ]; then echo "$1 does not exist" >&2; exit 2; fi
cat "$1"`,
};

/** Writes a file of root's with the given mode (e.g. `0600`). `secrets` are masked in whatever the host answers. */
export function writeFile(
  path: string,
  mode: string,
  content: string,
  secrets: readonly string[] = [],
): RemoteCommand<void> {
  const bytes = utf8Length(content);
  return {
    script: WRITE_FILE_SCRIPT,
    args: [path, mode, String(bytes)],
    stdin: content,
    sudo: true,
    timeoutMs: 60_000,
    secrets,
    parse: (output) =>
      output.exitCode === 0 ? ok(undefined) : err(failed('write-failed', `${path} could not be written`, output)),
  };
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
