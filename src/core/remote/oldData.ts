import { err, ok } from '../base/result';
import { failed } from './failure';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * `old_data DIR` prints the folders below DIR/data in which releases of K3s have unpacked their programs and that nothing needs any
 * more: neither the links `current` and `previous` lead to them, nor does a process run from them, as the shims of older pods do.
 * K3s never removes one, and each has 287 MB. https://github.com/k3s-io/k3s/blob/main/cmd/k3s/main.go
 */
export const OLD_DATA = String.raw`old_data() {
  current=$(readlink -f "$1/data/current" 2>/dev/null)
  previous=$(readlink -f "$1/data/previous" 2>/dev/null)
  if [ ! -d "$current" ]; then return 0; fi
  running=$(ls -l /proc/[0-9]*/exe 2>/dev/null | sed -n 's/.* -> //p')
  for folder in "$1"/data/*; do
    name=${'${folder##*/}'}
    case $name in *[!0-9a-f]*) continue ;; esac
    if [ ${'${#name}'} -ne 64 ] || [ -L "$folder" ] || [ ! -d "$folder" ]; then continue; fi
    real=$(readlink -f "$folder")
    if [ "$real" = "$current" ] || [ "$real" = "$previous" ]; then continue; fi
    if printf '%s\n' "$running" | grep -qF -- "$real/"; then continue; fi
    printf '%s\n' "$folder"
  done
}`;

/** $1: K3s data-dir. Removes what {@link OLD_DATA} finds now; prints each folder that is gone. */
export const DROP_OLD_DATA_SCRIPT: RemoteScript = {
  id: 'drop-old-data',
  text: `export LC_ALL=C
${OLD_DATA}
old_data "$1" | while IFS= read -r folder; do
  rm -rf --one-file-system -- "$folder" || exit 1
  printf '%s\\n' "$folder"
done`,
};

/** Removes unpacked programs of releases that nothing on the host uses; tells the folders. */
export function dropOldData(dataDir: string): RemoteCommand<readonly string[]> {
  return {
    script: DROP_OLD_DATA_SCRIPT,
    args: [dataDir],
    sudo: true,
    timeoutMs: 120_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(output.stdout.split('\n').filter((line) => line !== ''))
        : err(failed('old-data-stays', 'Unpacked programs of older releases could not be removed', output)),
  };
}
