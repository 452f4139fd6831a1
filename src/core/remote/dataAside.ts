import { err, ok } from '../base/result';
import { RESTORED_PATH, RESTORE_FOLDER } from '../k3s/paths';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

/**
 * $1: K3s data-dir, $2: id of the restore. Moves what this server has in its datastore beside it, so that it joins the restored
 * cluster as a new member: nothing is deleted, and its own snapshots go along. One that K3s has made since is never touched.
 * https://docs.k3s.io/cli/etcd-snapshot#restoring-snapshots
 */
export const PUT_DATA_ASIDE_SCRIPT: RemoteScript = {
  id: 'put-data-aside',
  text: `export LC_ALL=C
${ROOT_PATH}
${SERVICES}
base=${RESTORE_FOLDER}
into=$1/server/db-before-restore-$2
if [ "$(cat $base/aside 2>/dev/null)" = "$2" ]; then echo aside; exit 0; fi
state=$(systemctl show k3s -p ActiveState | cut -d= -f2-)
case $state in inactive|failed) ;; *) echo "k3s is $state" >&2; exit 1 ;; esac
if [ -d "$1/server/db" ] && [ ! -e "$into" ]; then mv "$1/server/db" "$into" || exit 1; fi
umask 077
mkdir -p $base && echo "$2" > $base/aside.new && sync $base/aside.new && mv -f $base/aside.new $base/aside || exit 1
echo aside`,
};

/**
 * $1: K3s data-dir, $2: id of the restore. Brings the server's own snapshots back to where K3s looks for them and forgets that a
 * restore has begun here; the old database stays. Prints the folders with old data and their size in KiB.
 */
export const END_RESTORE_SCRIPT: RemoteScript = {
  id: 'end-restore',
  text: `export LC_ALL=C
base=${RESTORE_FOLDER}
old=$1/server/db-before-restore-$2
umask 077
if [ -d "$old/snapshots" ]; then
  mkdir -p "$1/server/db/snapshots" || exit 1
  for file in "$old/snapshots"/* "$old/snapshots"/.metadata; do
    to=$1/server/db/snapshots/\${file##*/}
    if [ -e "$file" ] && [ ! -e "$to" ]; then mv "$file" "$to" || exit 1; fi
  done
fi
for folder in "$old" "$1"/server/db/etcd-old-*; do if [ -d "$folder" ]; then echo "old=$(du -sk "$folder" | cut -f 1) $folder"; fi; done
mkdir -p "\${base%/*}" && echo "$2" > ${RESTORED_PATH} && rm -rf $base || exit 1
echo ended`,
};

/** A folder with the data from before a restore. */
export interface OldData {
  readonly path: string;
  readonly kib: number;
}

/** Puts the data of a server aside that is to join the restored cluster. */
export function putDataAside(dataDir: string, id: string): RemoteCommand<void> {
  return {
    script: PUT_DATA_ASIDE_SCRIPT,
    args: [dataDir, id],
    sudo: true,
    timeoutMs: 120_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('data-not-aside', 'The old data of this server could not be put aside', output)),
  };
}

/** Ends a restore on a server that is proved. */
export function endRestore(dataDir: string, id: string): RemoteCommand<readonly OldData[]> {
  return {
    script: END_RESTORE_SCRIPT,
    args: [dataDir, id],
    sudo: true,
    timeoutMs: 120_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(
            [...output.stdout.matchAll(/^old=(\d+) (.+)$/gm)].map(([, kib, path = '']) => ({ path, kib: Number(kib) })),
          )
        : err(failed('restore-not-ended', 'The snapshots of this server could not be brought back', output)),
  };
}
