import { err, ok } from '../base/result';
import { PLACED_PATH } from '../k3s/paths';
import { failed } from './failure';
import { HASH_FUNCTION } from './fileSha256';
import type { ByteInput, Input, RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: path, $2: octal mode, $3: number of bytes, $4: their sha256, or empty; $5: owner, or empty; $6: `restart` or `live`
 * when the file is to be remembered as placed; content on standard input. Replaces the file
 * in one step, or leaves the old one: a full disk, a connection that ends in the middle or another content than announced
 * never leaves half a file. A folder of that name is refused, because mv would put the file into it and report success;
 * `mv -T`, which says so itself, is missing in older BusyBox. A symbolic link to a file is replaced by the file, a link to
 * a folder is refused like the folder.
 *
 * Folders of K3s that are not there yet are made as closed as K3s makes them itself.
 *
 * A disk that has no room for it is not filled first: K3s on the host needs that room. Whoever cut the connection also
 * closed standard error, and a script that dies of SIGPIPE would not clean up. What a power cut left behind goes at the
 * next upload into that folder. The traps come before the file that they remove: a signal waits for the end of the
 * command that makes it. What is placed is remembered before it is there: a record of something that did not come
 * about does no harm, and a file that nobody remembers would never be taken away.
 */
export const UPLOAD_FILE_SCRIPT: RemoteScript = {
  id: 'upload-file',
  text: `export LC_ALL=C
trap '' PIPE
${HASH_FUNCTION}
if [ -d "$1" ]; then echo "$1 is a folder" >&2; exit 1; fi
folder=$(dirname "$1")
case $folder in
  */server/manifests) mkdir -p "\${folder%/server/manifests}" && (umask 077 && mkdir -p "$folder") || exit 1 ;;
  */server/db/snapshots) mkdir -p "\${folder%/server/db/snapshots}" && (umask 077 && mkdir -p "$folder") || exit 1 ;;
  *) mkdir -p "$folder" || exit 1 ;;
esac
umask 077
find "$folder" -maxdepth 1 -type f -name '.k3s-ha.??????' -mmin +60 -exec rm -f {} \\; 2>/dev/null
if [ "$3" -ge 1048576 ]; then
  free=$(df -Pk "$folder" 2>/dev/null | awk 'NR == 2 {print $4}')
  if [ "$(($3 / 1024))" -ge "\${free:-$3}" ]; then
    echo "No space left on device: $folder has $((free / 1024)) MiB free, and $(($3 / 1048576)) MiB are needed" >&2
    exit 1
  fi
fi
temporary=
trap 'rm -f "$temporary"' EXIT
trap 'exit 1' HUP INT TERM
temporary=$(mktemp "$folder/.k3s-ha.XXXXXX") || exit 1
cat > "$temporary" || exit 1
size=$(wc -c < "$temporary")
if [ "$size" -ne "$3" ]; then echo "$((size)) bytes arrived instead of $3" >&2; exit 1; fi
if [ -n "$4" ]; then
  sum=$(hash < "$temporary")
  if [ -z "$sum" ]; then echo "neither openssl nor sha256sum works on this host" >&2; exit 1; fi
  if [ "$sum" != "$4" ]; then echo "the bytes that arrived have the sha256 $sum instead of $4" >&2; exit 1; fi
fi
if [ -n "\${5:-}" ]; then chown "$5" "$temporary" || exit 1; fi
chmod "$2" "$temporary" && sync "$temporary" || exit 1
if [ -n "\${6:-}" ]; then
  placed=${PLACED_PATH}
  mkdir -p "\${placed%/*}" || exit 1
  { cat $placed 2>/dev/null; echo "$(hash < "$temporary") $6 $1"; } | sort -u > $placed.new && sync $placed.new && mv -f $placed.new $placed || exit 1
fi
mv -f "$temporary" "$1" || exit 1
trap - EXIT`,
};

/** What a host gets to write, hash and flush a file, whatever its size. */
const BASE_MS = 60_000;
/** The slowest disk that is waited for, in bytes a millisecond: an SD card at its worst. */
const SLOWEST_DISK = 4_000;

/**
 * Puts a file of this machine on a host as root, with the given mode (e.g. `0755`); it is there only when every byte
 * has arrived. See `fileSha256` for what is there already.
 */
export function uploadFile(path: string, mode: string, input: ByteInput): RemoteCommand<void> {
  return replaceFile(path, mode, input, input);
}

/** How a file is placed: it is remembered on the host, so that it can be taken away when nobody wants it any more. */
export interface Placing {
  readonly mode: string;
  /** `user:group`; root when left out. */
  readonly owner?: string;
  /** K3s reads it only when it starts. */
  readonly restart: boolean;
}

/** Places a file of the cluster file's person on a host; see `removePlaced` for the way back. */
export function placeFile(
  path: string,
  { mode, owner = '', restart }: Placing,
  content: Input,
  { size, sha256 }: Pick<ByteInput, 'size' | 'sha256'>,
  secrets: readonly string[],
): RemoteCommand<void> {
  const command = replaceFile(path, mode, content, { size, sha256 }, secrets);
  return { ...command, args: [...command.args, owner, restart ? 'restart' : 'live'] };
}

/** Builds {@link UPLOAD_FILE_SCRIPT}. Without a hash only the number of bytes is checked. */
export function replaceFile(
  path: string,
  mode: string,
  content: Input,
  { size, sha256 }: Pick<ByteInput, 'size' | 'sha256'>,
  secrets: readonly string[] = [],
): RemoteCommand<void> {
  return {
    script: UPLOAD_FILE_SCRIPT,
    args: [path, mode, String(size), sha256],
    stdin: content,
    sudo: true,
    timeoutMs: BASE_MS + Math.ceil(size / SLOWEST_DISK),
    secrets,
    parse: (output) =>
      output.exitCode === 0 ? ok(undefined) : err(failed('write-failed', `${path} could not be written`, output)),
  };
}
