import { problem, type Problem } from '../base/problem';
import { err, ok } from '../base/result';
import { HAPROXY_BACKEND, HAPROXY_SOCKET } from '../loadBalancer/paths';
import { failed } from './failure';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

const NOT_RUNNING = 3;
const ALONE = 4;
const UNKNOWN_SERVER = 5;
const NOT_UP = 6;

/**
 * $1: out or in, $2: server, $3: seconds. `out`: HAProxy gives the server no new connections from now on; waits until none
 * comes any more, and up to so many seconds for those that run: a watch may run for hours. The only server that is up stays.
 * `in`: it gets connections again; waits until HAProxy's own check has found it up.
 */
export const BALANCER_SERVER_SCRIPT: RemoteScript = {
  id: 'balancer-server',
  text: `export LC_ALL=C
ask() { echo "$1" | socat -T 3 - UNIX-CONNECT:${HAPROXY_SOCKET} 2>/dev/null; }
# Name, state, streams now and streams so far of every server.
servers() {
  ask 'show stat ${HAPROXY_BACKEND} 4 -1' | awk -F, '
    /^# / { sub(/^# /, ""); for (i = 1; i <= NF; i++) at[$i] = i; next }
    NF > 1 { split($at["status"], state, " "); print $at["svname"], state[1], $at["scur"], $at["stot"] }'
}
all=$(servers)
if [ -z "$all" ]; then echo "HAProxy does not answer at ${HAPROXY_SOCKET}" >&2; exit ${NOT_RUNNING}; fi
if ! echo "$all" | grep -qF "$2 "; then exit ${UNKNOWN_SERVER}; fi
deadline=$(($(date +%s) + $3))
if [ "$1" = in ]; then
  ask "set server ${HAPROXY_BACKEND}/$2 state ready" >/dev/null
  until servers | awk -v name="$2" '$1 == name && $2 == "UP" { found = 1 } END { exit !found }'; do
    if [ "$(date +%s)" -ge "$deadline" ]; then
      servers | awk -v name="$2" '$1 == name { print "its state is " $2 }' >&2
      exit ${NOT_UP}
    fi
    sleep 0.2 2>/dev/null || sleep 1
  done
  exit 0
fi
if ! echo "$all" | awk -v name="$2" '$1 != name && $2 == "UP" { found = 1 } END { exit !found }'; then exit ${ALONE}; fi
answer=$(ask "set server ${HAPROXY_BACKEND}/$2 state drain")
if [ -n "$answer" ]; then echo "$answer" >&2; exit 1; fi
last=
while :; do
  now=$(servers | awk -v name="$2" '$1 == name { print $3, $4 }')
  # No stream has come between two looks, and none runs or the time is over.
  if [ "\${now#* }" = "$last" ] && { [ "\${now% *}" = 0 ] || [ "$(date +%s)" -ge "$deadline" ]; }; then exit 0; fi
  last=\${now#* }
  sleep 0.3 2>/dev/null || sleep 1
done`,
};

/** Streams that are short end within this time; a watch is cut with its server and comes again through another one. */
const DRAIN_SECONDS = 3;

/** HAProxy on this host gives a server no new connections any more; done when none comes. */
export function takeOutOfHaproxy(server: string): RemoteCommand<void> {
  return command('out', server, DRAIN_SECONDS);
}

/** HAProxy on this host gives a server connections again; done when its check has found it up, within `seconds`. */
export function putIntoHaproxy(server: string, seconds: number): RemoteCommand<void> {
  return command('in', server, seconds);
}

function command(verb: 'in' | 'out', server: string, seconds: number): RemoteCommand<void> {
  return {
    script: BALANCER_SERVER_SCRIPT,
    args: [verb, server, String(seconds)],
    sudo: true,
    timeoutMs: (seconds + 30) * 1000,
    secrets: [],
    parse: (output) => (output.exitCode === 0 ? ok(undefined) : err(serverProblem(server, output))),
  };
}

/** Code of the problem that HAProxy does not run: then nothing comes through it either. */
export const HAPROXY_SILENT = 'haproxy-silent';

function serverProblem(server: string, output: RemoteOutput): Problem {
  switch (output.exitCode) {
    case NOT_RUNNING:
      return failed(HAPROXY_SILENT, 'HAProxy cannot be asked', output, [
        'See "journalctl -u haproxy" on the host, or /var/log/messages where OpenRC runs.',
      ]);
    case ALONE:
      return problem('balancer-last-server', `${server} is not taken out: no other server behind this HAProxy is up`, {
        why: 'Whoever asks at the fixed address would get no answer while it is away.',
        nextSteps: ['Bring the other servers back to ready, then run again.'],
      });
    case UNKNOWN_SERVER:
      return problem('balancer-unknown-server', `HAProxy on this host does not know ${server}`);
    case NOT_UP:
      return failed('balancer-server-down', `HAProxy does not find ${server} ready`, output, [
        'Check that the load balancer reaches port and address of that server.',
      ]);
    default:
      return failed('balancer-server-failed', `HAProxy did not do as it was told about ${server}`, output);
  }
}
