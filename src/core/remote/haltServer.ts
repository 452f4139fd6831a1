import { err, ok } from '../base/result';
import { RESTORE_FOLDER } from '../k3s/paths';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

/**
 * $1: id of the restore, $2: server whose data are restored, $3: snapshot. Writes down what has begun, then stops K3s and keeps
 * it from starting with the machine: two servers with the old data would be a cluster of their own beside the restored one. A
 * unit that is gone is not enough: what listens where etcd does is told, too.
 */
export const HALT_SERVER_SCRIPT: RemoteScript = {
  id: 'halt-server',
  text: String.raw`export LC_ALL=C
${ROOT_PATH}
${SERVICES}
base=${RESTORE_FOLDER}
known=$(head -n 1 $base/begun 2>/dev/null)
if [ -n "$known" ] && [ "${'${known%% *}'}" != "$1" ]; then echo "another restore has begun on this server: $known" >&2; exit 1; fi
umask 077
mkdir -p $base && printf '%s %s %s\n' "$1" "$2" "$3" > $base/begun.new && sync $base/begun.new && mv -f $base/begun.new $base/begun || exit 1
systemctl disable --quiet k3s 2>/dev/null
systemctl stop k3s || exit 1
state=$(systemctl show k3s -p ActiveState | cut -d= -f2-)
case $state in inactive|failed) ;; *) echo "k3s is $state after it was stopped" >&2; exit 1 ;; esac
if command -v ss >/dev/null 2>&1 && ss -lntH 2>/dev/null | awk '{print $4}' | grep -qE ':(2379|2380)$'; then
  echo "k3s is stopped, but something still listens on 2379 or 2380, where etcd does" >&2
  exit 1
fi
echo halted`,
};

/** Stops K3s on a server until the restore `id` starts it again. */
export function haltServer(id: string, from: string, snapshot: string): RemoteCommand<void> {
  return {
    script: HALT_SERVER_SCRIPT,
    args: [id, from, snapshot],
    sudo: true,
    timeoutMs: 150_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0 && output.stdout.includes('halted')
        ? ok(undefined)
        : err(
            failed('server-not-halted', 'K3s is not proved stopped on this server, so nothing is restored', output, [
              'Stop what still runs there, then run the same command again: it goes on from here.',
            ]),
          ),
  };
}
