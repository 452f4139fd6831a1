import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import { failed } from './failure';
import { HASH_FUNCTION } from './fileSha256';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

/**
 * $1: K3s data-dir of a server on which K3s is stopped, $2: path of the snapshot to make. Copies the database of its member and
 * writes its sha256 behind it, as etcd does in snapshots: K3s cannot save one where etcd has no majority. awk turns
 * hexadecimal digits into the octal ones that every printf knows.
 * https://etcd.io/docs/v3.6/op-guide/recovery/#restoring-with-revision-bump
 */
export const COPY_SURVIVOR_SCRIPT: RemoteScript = {
  id: 'copy-survivor',
  text: String.raw`export LC_ALL=C
${ROOT_PATH}
${SERVICES}
${HASH_FUNCTION}
if [ -f "$2" ]; then echo copied; exit 0; fi
case $(systemctl show k3s -p ActiveState | cut -d= -f2-) in inactive|failed) ;; *) echo "k3s runs on this server" >&2; exit 1 ;; esac
database=$1/server/db/etcd/member/snap/db
if [ ! -f "$database" ]; then echo "$database does not exist: this server is no member of etcd" >&2; exit 1; fi
umask 077
mkdir -p "${'${2%/*}'}" || exit 1
trap 'rm -f "$2.new"' EXIT
cp "$database" "$2.new" || exit 1
octal=$(hash < "$2.new" | awk '{
  for (i = 1; i < 64; i += 2) {
    value = (index("0123456789abcdef", substr($0, i, 1)) - 1) * 16 + index("0123456789abcdef", substr($0, i + 1, 1)) - 1
    printf "\\0%03o", value
  }
}')
printf '%b' "$octal" >> "$2.new" && sync "$2.new" && mv "$2.new" "$2" || exit 1
trap - EXIT
echo copied`,
};

/** Makes a snapshot of what the stopped member of a cluster without majority has. */
export function copySurvivor(dataDir: string, path: string): RemoteCommand<void> {
  return {
    script: COPY_SURVIVOR_SCRIPT,
    args: [dataDir, path],
    sudo: true,
    timeoutMs: 15 * 60_000,
    secrets: [],
    parse: (output) => {
      if (output.exitCode === 0 && output.stdout.includes('copied')) return ok(undefined);
      const nextSteps = ['Choose another server, or restore from a snapshot that was saved before.'];
      if (output.exitCode === 0) return err(problem('survivor-not-copied', 'The host did not answer', { nextSteps }));
      return err(failed('survivor-not-copied', 'What this server has of etcd could not be copied', output, nextSteps));
    },
  };
}
