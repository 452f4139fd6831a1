import { problem, type Problem } from '../base/problem';
import { err, ok } from '../base/result';
import { utf8Length } from '../base/text';
import { DOWN_FILE, HAPROXY_SOCKET, type BalancerUnit } from '../loadBalancer/paths';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';
import { shellWord } from './shell';

/** Exit status: the program refuses the new file, and nothing was changed. */
const REFUSED = 3;
/** Exit status: the unit did not take it; what was there before is back. */
const PUT_BACK = 4;

/**
 * $1: haproxy, nginx or keepalived, $2: path of its configuration, $3: octal mode, $4: number of bytes; the text on
 * standard input. The program itself reads the new file before it replaces the old one. A unit that runs is reloaded, which
 * leaves its connections alone, and has to show that the reload took place: systemd reports success although HAProxy goes
 * on with the old configuration. What does not work is replaced by what was there.
 */
export const BALANCER_CONFIG_SCRIPT: RemoteScript = {
  id: 'balancer-config',
  text: `export LC_ALL=C
${ROOT_PATH}
${SERVICES}
trap '' HUP PIPE
unit=$1
path=$2
before=/var/lib/k3s-ha/$unit.before
umask 077
mkdir -p /var/lib/k3s-ha && chmod 755 /var/lib/k3s-ha || exit 1
folder=$(dirname "$path")
(umask 022; mkdir -p "$folder") || exit 1
new=
trap 'rm -f "$new"' EXIT
new=$(mktemp "$folder/.k3s-ha.XXXXXX") || exit 1
cat > "$new" || exit 1
size=$(wc -c < "$new")
if [ "$size" -ne "$4" ]; then echo "$((size)) bytes arrived instead of $4" >&2; exit 1; fi
check() {
  case $unit in
    haproxy) haproxy -c -f "$new" ;;
    nginx) nginx -t -q -c "$new" ;;
    keepalived) keepalived -t -f "$new" ;;
  esac
}
if ! said=$(check 2>&1); then printf '%s\\n' "$said" | sed "s|$new|$path|g" | grep -v '^$' | tail -n 5 >&2; exit ${REFUSED}; fi
state() { systemctl show "$unit" -p ActiveState | cut -d= -f2-; }
# What changes when a new configuration has been taken.
run() {
  case $unit in
    haproxy) echo 'show info' | socat -T 2 - UNIX-CONNECT:${HAPROXY_SOCKET} 2>/dev/null | grep '^Pid:' ;;
    nginx)
      for child in $(cat "/proc/$(cat /run/nginx.pid)/task/$(cat /run/nginx.pid)/children"); do
        grep -q 'shutting down' "/proc/$child/cmdline" || echo "$child"
      done 2>/dev/null
      ;;
    keepalived) systemctl show "$unit" -p MainPID ;;
  esac
}
apply() {
  systemctl daemon-reload
  systemctl enable --quiet "$unit" || return 1
  known=
  if [ "$(state)" = active ]; then
    known=$(run)
    systemctl reload "$unit" || return 1
    if [ "$unit" = keepalived ]; then known=; fi
  else
    systemctl reset-failed "$unit" 2>/dev/null
    systemctl restart "$unit" || return 1
  fi
  turns=0
  # Nobody of before may be among them: while nginx reloads, old and new processes take connections side by side.
  until [ "$(state)" = active ] && now=$(run) && [ -n "$now" ] && ! echo "$now" | grep -qxF -e "$known"; do
    turns=$((turns + 1))
    if [ $turns -gt 50 ]; then return 1; fi
    sleep 0.2 2>/dev/null || sleep 1
  done
}
rm -f "$before"
if [ -f "$path" ]; then cp -p "$path" "$before" || exit 1; fi
if [ ! -f ${DOWN_FILE} ]; then echo 1 > ${DOWN_FILE}; fi
since=$(date '+%Y-%m-%d %H:%M:%S')
chmod "$3" "$new" && mv -f "$new" "$path" || exit 1
if said=$(apply 2>&1); then
  if [ "$unit" != keepalived ]; then echo 0 > ${DOWN_FILE}; fi
  rm -f "$before"
  exit 0
fi
journal=$(journalctl -u "$unit" --since "$since" -o cat --no-pager -q 2>/dev/null)
why=$(printf '%s\\n' "$said" "$journal" | grep -E '\\[ALERT\\]|\\[emerg\\]' | tail -n 3)
printf '%s\\n' "\${why:-$said}" >&2
if [ -f "$before" ]; then
  mv -f "$before" "$path"
  apply >/dev/null 2>&1
else
  rm -f "$path"
  systemctl stop "$unit"
fi
exit ${PUT_BACK}`,
};

/** Replaces the configuration of a unit of the load balancer and makes it hold without cutting a connection. */
export function replaceBalancerConfig(
  unit: BalancerUnit,
  path: string,
  mode: string,
  text: string,
  secrets: readonly string[] = [],
): RemoteCommand<void> {
  return {
    script: BALANCER_CONFIG_SCRIPT,
    args: [unit, path, mode, String(utf8Length(text))],
    stdin: text,
    sudo: true,
    timeoutMs: 120_000,
    secrets,
    parse: (output) => (output.exitCode === 0 ? ok(undefined) : err(configProblem(unit, path, output))),
  };
}

function configProblem(unit: BalancerUnit, path: string, output: RemoteOutput): Problem {
  switch (output.exitCode) {
    case REFUSED:
      return problem('balancer-config-refused', `${unit} refuses its new configuration; the old one is untouched`, {
        why: said(output),
        nextSteps: ['Correct what it names in the cluster file. A release of years ago may not know every word of it.'],
      });
    case PUT_BACK:
      return problem('balancer-not-started', `${unit} does not work with its new configuration`, {
        why: said(output),
        nextSteps: [
          `What was there before is back. See "journalctl -u ${shellWord(unit)}" on the host, or /var/log/messages where OpenRC runs; run again when the cause is removed.`,
        ],
      });
    default:
      return failed('balancer-config-failed', `${path} could not be written`, output);
  }
}

function said({ stderr, exitCode }: RemoteOutput): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? `exit status ${exitCode}` : lines.join('; ');
}
