import { ROOT_PATH } from './hostK3s';

/** Succeeds on a host that OpenRC has started. */
export const RUNS_OPENRC = '{ [ -e /run/openrc/softlevel ] && [ ! -d /run/systemd/system ]; }';

/** How much of a log is read at most, in bytes: nothing makes it shorter where logrotate is missing. */
const MOST = 32 * 1024 * 1024;

/**
 * Scripts speak to the service manager in the words of systemd, and find the files of a unit by `unit_file`,
 * `unit_environment` (what install.sh writes), `unit_environments` (all that it reads) and `unit_traces` (what else is its own).
 * Where OpenRC runs, `systemctl` and `journalctl` are the functions below, which know as much as scripts ask for:
 *
 * - K3s does not tell OpenRC that it is ready, so a unit of K3s is active as soon as its log says so. Agents say it to systemd
 *   alone; they are up when their Node has its labels. https://github.com/k3s-io/k3s/blob/master/pkg/agent/run.go
 * - A run has no id, so that is when supervise-daemon has started the process, which supervisor that was, and how often it had
 *   started one before.
 * - One file holds the log of all runs. What was there before a start of ours is left out by its length, what is older than
 *   the process by the time in its lines: supervise-daemon waits 5 s before it starts K3s again.
 * - supervise-daemon leaves a process alone that is not gone after 5 s, and goes. Ours is written down before, so that its service
 *   is not called stopped while it lives, whatever happens to the connection. What waits is over within 100 s: without
 *   `--no-block`, too.
 *   https://github.com/OpenRC/openrc/blob/master/src/supervise-daemon/supervise-daemon.c
 */
export const SERVICES = String.raw`unit_file() { echo "/etc/systemd/system/$1.service"; }
unit_environment() { echo "/etc/systemd/system/$1.service.env"; }
unit_environments() { echo "/etc/default/$1 /etc/sysconfig/$1 $(unit_environment "$1")"; }
unit_traces() { echo "/etc/systemd/system/$1.service.d"; }
if ${RUNS_OPENRC}; then
  ${ROOT_PATH}
  unit_file() { echo "/etc/init.d/$1"; }
  unit_environment() { echo "/etc/rancher/k3s/$1.env"; }
  unit_environments() { echo "/etc/environment $(unit_environment "$1")"; }
  unit_traces() { echo "/etc/logrotate.d/$1 /var/log/$1.log*"; }
  rc_option() { cat "/run/openrc/options/$1/$2" 2>/dev/null; }
  rc_supervisor() { cat "$(rc_option "$1" pidfile)" 2>/dev/null; }
  rc_lives() { [ -n "$1" ] && grep -q '^State:' "/proc/$1/status" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status"; }
  # A process id may be somebody else's tomorrow; the moment at which the kernel has made it is not.
  rc_born() { echo "$1 $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20)"; }
  # The process of a service that was stopped and that has not ended yet.
  rc_leaving() (
    was=$(cat "/run/k3s-ha/$1.child" 2>/dev/null)
    rc_lives "${'${was%% *}'}" && [ "$(rc_born "${'${was%% *}'}")" = "$was" ] && echo "${'${was%% *}'}"
  )
  rc_pause() { sleep 0.2 2>/dev/null || sleep 1; }
  rc_log_file() { file=$(sed -n 's/^output_log=//p' "/etc/init.d/$1" 2>/dev/null | tail -n 1); echo "${'${file:-/var/log/$1.log}'}"; }
  # $1: unit, $2: how many of its last lines, 0 for whether it is up.
  rc_log() (
    began=$(rc_option "$1" start_time)
    log=$(rc_log_file "$1")
    [ -n "$began" ] && [ -f "$log" ] || exit 0
    since=$(date -d "$began" +%s)
    size=$(wc -c < "$log")
    from=$(cat "/run/k3s-ha/$1.log" 2>/dev/null || echo 0)
    if [ "$from" -gt "$size" ]; then from=0; fi
    if [ $((size - from)) -gt ${MOST} ]; then from=$((size - ${MOST})); fi
    tail -c +$((from + 1)) "$log" | awk -v keep="$2" -v age=$(($(date +%s) - since)) \
      -v utc="$(date -u -d "@$since" +%Y-%m-%dT%H:%M:%S)" -v here="$(date -d "@$since" +%Y-%m-%dT%H:%M:%S)" -v klog="$(date -d "@$since" '+%m%d %H:%M:%S')" '
      function older(text) { return substr(text, 1, 19) < (text ~ /^[^"]*Z"/ ? utc : here) }
      /^time="/ && older(substr($0, 7)) { n = 0; begun = up = 0; next }
      /^[{]"level":"[a-z]*","ts":"/ && older(substr($0, index($0, "\"ts\":\"") + 6)) { n = 0; begun = up = 0; next }
      /^[IWEF][0-9][0-9][0-9][0-9] / && substr($0, 2, 13) < klog { n = 0; begun = up = 0; next }
      /msg="Starting k3s / { begun = 1; up = 0; agent = /msg="Starting k3s agent / }
      / is up and running"/ || (agent && /labels have .*set.* on node/) { up = 1 }
      keep { line[n++ % keep] = $0 }
      # A process that has been running for minutes has written how it began, and it was turned over.
      END { if (!keep) print (up || (!begun && age > 300)) ? "up" : "starting"
            for (i = n > keep ? n - keep : 0; i < n; i++) print line[i % keep] }'
  )
  # Debian has services that know nothing of OpenRC, and of which it remembers nothing; not all of them tell their state.
  rc_foreign() { [ -f "/etc/init.d/$1" ] && ! head -n 1 "/etc/init.d/$1" | grep -q openrc-run; }
  rc_foreign_lives() { if [ -s "/run/$1.pid" ]; then rc_lives "$(head -n 1 "/run/$1.pid")"; else rc-service "$1" status >/dev/null 2>&1; fi; }
  rc_state() {
    if rc_foreign "$1"; then if rc_foreign_lives "$1"; then echo active running; else echo inactive dead; fi
    elif [ -L "/run/openrc/starting/$1" ]; then echo activating start-pre
    elif [ -L "/run/openrc/stopping/$1" ]; then echo deactivating stop-sigterm
    elif [ ! -L "/run/openrc/started/$1" ] && rc_leaving "$1" >/dev/null; then echo deactivating stop-sigterm
    elif [ ! -L "/run/openrc/started/$1" ]; then if [ -L "/run/openrc/failed/$1" ]; then echo failed failed; else echo inactive dead; fi
    elif [ -z "$(rc_option "$1" respawn_delay)" ]; then if rc-service "$1" status >/dev/null 2>&1; then echo active running; else echo failed failed; fi
    elif [ -z "$(rc_supervisor "$1")" ] || [ -z "$(rc_option "$1" child_pid)" ]; then echo activating start
    elif ! rc_lives "$(rc_supervisor "$1")"; then echo failed failed
    elif ! rc_lives "$(rc_option "$1" child_pid)"; then echo activating auto-restart
    elif case $1 in k3s | k3s-*) [ "$(rc_log "$1" 0)" = up ] ;; esac; then echo active running
    else echo activating start
    fi
  }
  rc_invocation() (
    began=$(rc_option "$1" start_time | tr -cd 0-9)
    if [ -n "$began" ]; then printf '%s%08x%04x\n' "$began" "$((0 + $(rc_supervisor "$1")))" "$((0 + $(rc_option "$1" start_count)))"; else echo; fi
  )
  rc_enabled() { for rc_link in /etc/runlevels/*/"$1"; do [ -L "$rc_link" ] && return; done; return 1; }
  # $1: unit, $2: property, $3: its state.
  rc_property() {
    case $2 in
      Id) echo "$1.service" ;;
      LoadState) if [ -f "/etc/init.d/$1" ]; then echo loaded; else echo not-found; fi ;;
      FragmentPath) if [ -f "/etc/init.d/$1" ]; then echo "/etc/init.d/$1"; else echo; fi ;;
      UnitFileState) if rc_enabled "$1"; then echo enabled; else echo disabled; fi ;;
      ActiveState) echo "${'${3% *}'}" ;;
      SubState) echo "${'${3#* }'}" ;;
      Result) case $3 in *auto-restart | failed*) echo exit-code ;; *) echo success ;; esac ;;
      NRestarts) rc_option "$1" start_count || echo 0 ;;
      MainPID) rc_option "$1" child_pid || cat "$(rc_option "$1" pidfile || echo "/run/$1.pid")" 2>/dev/null || echo 0 ;;
      InvocationID) rc_invocation "$1" ;;
      ExecMainStartTimestamp) rc_option "$1" start_time || echo ;;
      *) echo ;;
    esac
  }
  # The line that a unit of systemd would have: $command and $command_args as install.sh of K3s writes them.
  rc_command() {
    awk '
      /^command="/ { command = $0; sub(/^command="/, "", command); sub(/"$/, "", command) }
      /^command_args="/ { inside = 1; sub(/^command_args="/, "") }
      inside { line = $0; if (line ~ /(^|[^\\])"$/) { inside = 0; sub(/"$/, "", line) }
               sub(/ *>>[^\047]*$/, "", line); sub(/\\$/, "", line); gsub(/\\"/, "\"", line); words = words " " line }
      END { print "ExecStart=" command words }' "/etc/init.d/$1"
  }
  # What is written down here is where the log of the new process begins.
  rc_start() {
    rc_gone "$1" || return 1
    mkdir -p /run/k3s-ha
    (wc -c < "$(rc_log_file "$1")") 2>/dev/null > "/run/k3s-ha/$1.log" || echo 0 > "/run/k3s-ha/$1.log"
    rc-service "$1" start >&2 < /dev/null
  }
  rc_gone() {
    deadline=$(($(date +%s) + 90))
    while child=$(rc_leaving "$1"); do
      late=$(($(date +%s) - deadline))
      if [ "$late" -ge 10 ]; then echo "process $child of $1 cannot be killed" >&2; return 1; fi
      if [ "$late" -ge 0 ]; then kill -9 "$child"; fi
      rc_pause
    done
    rm -f "/run/k3s-ha/$1.child"
  }
  rc_stop() {
    child=$(rc_option "$1" child_pid)
    if rc_lives "$child"; then mkdir -p /run/k3s-ha && rc_born "$child" > "/run/k3s-ha/$1.child"; fi
    if rc_lives "$child" && ! rc_lives "$(rc_supervisor "$1")"; then kill "$child"; fi
    rc-service "$1" stop >&2 < /dev/null || return 1
    rc_gone "$1"
  }
  systemctl() (
    verb=
    units=
    names=
    now=
    while [ $# -gt 0 ]; do
      case $1 in
        -p) names="$names $2"; shift ;;
        --now) now=yes ;;
        -*) ;;
        *) if [ -z "$verb" ]; then verb=$1; else units="$units ${'${1%.service}'}"; fi ;;
      esac
      shift
    done
    for rc_unit in $units; do
      case $verb in
        show)
          state=
          case $names in *State* | *Result*) state=$(rc_state "$rc_unit") ;; esac
          for name in $names; do echo "$name=$(rc_property "$rc_unit" "$name" "$state")"; done
          ;;
        cat) [ -f "/etc/init.d/$rc_unit" ] && rc_command "$rc_unit" ;;
        is-active) case $(rc_state "$rc_unit") in 'active '*) ;; *) exit 3 ;; esac ;;
        is-enabled) rc_enabled "$rc_unit" ;;
        reset-failed)
          if [ ! -f "/etc/init.d/$rc_unit" ]; then rm -f "/run/openrc/failed/$rc_unit"
          else case $(rc_state "$rc_unit") in 'failed '*) rc_stop "$rc_unit" && rc-service "$rc_unit" zap >&2 ;; esac
          fi
          ;;
        enable) rc_enabled "$rc_unit" || rc-update -q add "$rc_unit" default >&2 ;;
        disable)
          if [ -n "$now" ]; then rc_stop "$rc_unit" || exit 1; fi
          for level in /etc/runlevels/*; do
            if [ -L "$level/$rc_unit" ]; then rc-update -q del "$rc_unit" "${'${level##*/}'}" >&2 || exit 1; fi
          done
          ;;
        start) rc_start "$rc_unit" ;;
        stop) rc_stop "$rc_unit" ;;
        restart) rc_stop "$rc_unit" && rc_start "$rc_unit" ;;
        reload) rc-service "$rc_unit" reload >&2 < /dev/null ;;
      esac || exit 1
    done
  )
  journalctl() (
    id=
    keep=20000
    while [ $# -gt 0 ]; do
      case $1 in _SYSTEMD_INVOCATION_ID=*) id=${'${1#*=}'} ;; -n) keep=$2; shift ;; esac
      shift
    done
    for rc_unit in k3s k3s-agent; do
      if [ -n "$id" ] && [ "$(rc_invocation "$rc_unit")" = "$id" ]; then rc_log "$rc_unit" "$keep"; fi
    done
  )
fi`;
