import { err, ok } from '../base/result';
import { journalLine } from '../k3s/journal/journalLine';
import { RESTORE_FOLDER } from '../k3s/paths';
import { failed } from './failure';
import { HASH_FUNCTION } from './fileSha256';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { RUNS_OPENRC, SERVICES } from './serviceManager';

/**
 * $1: K3s data-dir, $2: id of the restore, $3: path of the snapshot, $4: seconds that it may take. Makes this server the only
 * member of a cluster with the data of the snapshot.
 *
 * K3s is called as its service calls it, so that arguments and variables are the same, and out of reach of the connection: by a
 * copy of its unit, or, where OpenRC runs, by a process of its own that holds a lock. Who comes back waits for what goes on.
 * Where the snapshot is is always said, for a configuration with S3 makes K3s look for a path there, and a server that joined
 * another one has to forget that for once. The file that K3s leaves behind a reset is the proof of it; the next start takes that
 * file away, so a mark of ours is made with it. https://docs.k3s.io/cli/etcd-snapshot#restoring-snapshots
 */
export const RESET_CLUSTER_SCRIPT: RemoteScript = {
  id: 'reset-cluster',
  text: String.raw`export LC_ALL=C
${ROOT_PATH}
${SERVICES}
${HASH_FUNCTION}
base=${RESTORE_FOLDER}
unit=k3s-ha-restore
flag=$1/server/db/reset-flag
more="--cluster-reset --cluster-reset-restore-path=$3 --etcd-s3=false --server="
show() { systemctl show "$1" -p "$2" | cut -d= -f2-; }
if ${RUNS_OPENRC}; then
  own=/run/k3s-ha/restore
  mkdir -p /run/k3s-ha || exit 1
  goes() (exec 8> "$own.lock" && ! flock -n 8)
  tidy() { rm -f "$own.sh"; }
  said() { cat "$own.log" 2>/dev/null; }
  begin() {
    command=$(systemctl cat k3s 2>/dev/null | sed -n 's/^ExecStart=//p' | tail -n 1)
    if [ -z "$command" ]; then echo "the service k3s cannot be read" >&2; return 1; fi
    {
      for env in $(unit_environments k3s); do if [ -f "$env" ]; then echo "set -a; . '$env'; set +a"; fi; done
      echo "umask 022"
      echo "( $command $more ) 9>&- && umask 077 && test -f '$flag' && echo '$2' > $base/reset"
    } > "$own.sh"
    : > "$own.log"
    exec 9> "$own.lock" && flock -n 9 || return 1
    setsid sh "$own.sh" < /dev/null >> "$own.log" 2>&1 &
    exec 9>&-
  }
else
  file=/run/systemd/system/$unit.service
  goes() { case $(show $unit ActiveState) in activating|active|deactivating) ;; *) return 1 ;; esac; }
  tidy() { rm -f "$file"; systemctl daemon-reload; }
  said() {
    id=$(show $unit InvocationID)
    journalctl "_SYSTEMD_INVOCATION_ID=$id" --no-pager -q -o cat -n 400 2>/dev/null
  }
  begin() {
    mkdir -p /run/systemd/system || return 1
    systemctl cat k3s 2>/dev/null | awk -v more="$more" '
      /^[#;]/ { next }
      /\\$/ { line = line substr($0, 1, length($0) - 1) " "; next }
      { all[++n] = line $0; line = "" }
      END {
        if (line != "") all[++n] = line
        for (i = 1; i <= n; i++) if (all[i] ~ /^ExecStart=./) last = i
        if (!last) exit 1
        for (i = 1; i <= n; i++) print all[i] (i == last ? " " more : "")
      }' > "$file.new" || { echo "k3s.service cannot be read" >&2; return 1; }
    cat >> "$file.new" <<END
[Service]
Type=oneshot
Restart=no
TimeoutStartSec=infinity
ExecStartPost=/bin/sh -c 'test -f "$flag" && echo "$2" > $base/reset'
END
    mv -f "$file.new" "$file" || return 1
    systemctl daemon-reload
    systemctl reset-failed $unit 2>/dev/null
    systemctl start $unit >/dev/null 2>&1 || :
  }
fi
over() { tidy; echo reset; exit 0; }
is_over() { [ "$(cat $base/reset 2>/dev/null)" = "$2" ]; }
if is_over "$@"; then over; fi
if ! goes; then
  # It may have ended between the two questions.
  if is_over "$@"; then over; fi
  case $(show k3s ActiveState) in inactive|failed) ;; *) echo "k3s runs on this server" >&2; exit 1 ;; esac
  rm -f "$flag"
  umask 077
  mkdir -p $base || exit 1
  begin "$@" || exit 1
fi
turns=$(($4 * 2))
while [ "$turns" -gt 0 ] && goes; do
  turns=$((turns - 1))
  sleep 0.5 2>/dev/null || sleep 1
done
if is_over "$@"; then over; fi
if [ "$turns" -le 0 ]; then echo "the reset is not over after $4 s" >&2; exit 1; fi
said | tail -n 400 | grep -E 'level=(fatal|error)|"level":"(fatal|panic)"' | grep -v 'msg="Sending HTTP/' | tail -n 1 >&2
exit 1`,
};

/** As long as a K3s gets to copy and open the largest database. */
const RESET_SECONDS = 15 * 60;

/** A path that systemd and K3s read as it is. */
export function isPlainPath(path: string): boolean {
  return /^\/[A-Za-z0-9/._@:+-]+$/.test(path);
}

/** Makes a server the only member of a cluster with the data of a snapshot on its disk; for {@link isPlainPath} only. */
export function resetCluster(dataDir: string, id: string, path: string): RemoteCommand<void> {
  return {
    script: RESET_CLUSTER_SCRIPT,
    args: [dataDir, id, path, String(RESET_SECONDS)],
    sudo: true,
    timeoutMs: (RESET_SECONDS + 60) * 1000,
    secrets: [],
    parse: (output) => (output.exitCode === 0 ? ok(undefined) : err(notReset(path, output))),
  };
}

function notReset(path: string, output: RemoteOutput): ReturnType<typeof failed> {
  const found = failed('cluster-not-reset', `K3s has not restored ${path}`, output, [
    'Nothing is lost: the data from before are in folders beside the new ones, and K3s is stopped on every server.',
    'See "journalctl -u k3s-ha-restore" on this server (with OpenRC /run/k3s-ha/restore.log); run the same command again when the cause is removed.',
  ]);
  return found.why === undefined ? found : { ...found, why: journalLine(found.why).text };
}
