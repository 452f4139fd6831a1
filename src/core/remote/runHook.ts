import { problem, type Problem } from '../base/problem';
import { err, ok } from '../base/result';
import { failed } from './failure';
import { HASH_FUNCTION } from './fileSha256';
import { ROOT_PATH } from './hostK3s';
import type { ByteInput, RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/** Exit statuses of the script, so that none of a hook is taken for one: the hook failed, ran too long, printed too much. */
const HOOK_FAILED = 90;
const TOO_LONG = 91;
const TOO_MUCH = 92;
/** A hook of an earlier run is not over yet. */
const STILL_RUNNING = 93;

/** What a hook may print, in bytes; a connection keeps no more of a command either. */
const MOST = 4 * 1024 * 1024;

/**
 * $1: seconds that the hook may take, $2: number of its bytes, $3: their sha256, then `NAME=value` for its environment; the
 * hook on standard input. It is run from a private folder that goes with it, in a session of its own, without input; its
 * output goes to a file there, so that nothing that it leaves behind keeps the connection open. When it ends, fails, runs
 * too long or nobody listens any more, its whole process group ends.
 *
 * One hook runs on a host at a time: one whose connection broke may go on until its time is over. Whoever has the lock
 * knows that every folder that is there was left behind by a power cut or a kill.
 */
export const RUN_HOOK_SCRIPT: RemoteScript = {
  id: 'run-hook',
  text: `${ROOT_PATH}
trap '' PIPE
${HASH_FUNCTION}
base=/var/lib/k3s-ha
limit=$1
size=$2
sum=$3
shift 3
umask 077
mkdir -p "$base" && exec 9> "$base/hook.lock" || exit 1
if ! flock -n 9; then echo "a hook of an earlier run is still running on this host" >&2; exit ${STILL_RUNNING}; fi
rm -rf "$base"/hook.??????
folder=
group=
over() {
  if [ -n "$group" ]; then kill -s KILL -- "-$group" "$group" 2>/dev/null; fi
  rm -rf "$folder"
}
trap over EXIT
trap 'exit 1' HUP INT TERM
folder=$(mktemp -d "$base/hook.XXXXXX") || exit 1
cat > "$folder/hook" || exit 1
if [ "$(wc -c < "$folder/hook")" -ne "$size" ] || [ "$(hash < "$folder/hook")" != "$sum" ]; then
  echo "only a part of the hook arrived" >&2
  exit 1
fi
chmod 700 "$folder/hook" && : > "$folder/output" && cd "$folder" || exit 1
uptime() { IFS='. ' read -r now rest < /proc/uptime; }
uptime
end=$((now + limit))
umask 022
(trap - PIPE; exec setsid env "$@" "$folder/hook") </dev/null >"$folder/output" 2>&1 9>&- &
group=$!
shown=0
show() {
  printed=$(wc -c < "$folder/output")
  if [ "$printed" -gt "$shown" ]; then tail -c +$((shown + 1)) "$folder/output" 2>/dev/null | head -c $((printed - shown)) || exit 1; fi
  shown=$printed
  if [ "$shown" -gt ${MOST} ]; then echo "the hook printed more than ${MOST / 1024 / 1024} MiB and was ended" >&2; exit ${TOO_MUCH}; fi
}
while kill -0 "$group" 2>/dev/null; do
  show
  uptime
  if [ "$now" -ge "$end" ]; then
    kill -s TERM -- "-$group" 2>/dev/null
    uptime
    end=$((now + 2))
    while kill -0 -- "-$group" 2>/dev/null && uptime && [ "$now" -lt "$end" ]; do sleep 0.2 2>/dev/null || sleep 1; done
    kill -s KILL -- "-$group" 2>/dev/null
    show
    echo "the hook ran longer than $limit s and was ended" >&2
    exit ${TOO_LONG}
  fi
  sleep 0.2 2>/dev/null || sleep 1
done
wait "$group"
status=$?
show
if [ "$status" -ne 0 ]; then echo "the hook ended with exit status $status" >&2; exit ${HOOK_FAILED}; fi`,
};

/** A hook as it was read for a plan. */
export interface HookRun {
  /** Its path in the cluster file. */
  readonly name: string;
  readonly input: ByteInput;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Beyond the time of the hook itself: for sending it, and for ending what it started. */
const AROUND_MS = 60_000;

/** Runs a hook on a host as root. */
export function runHook({ name, input, env, timeoutMs }: HookRun, secrets: readonly string[]): RemoteCommand<void> {
  return {
    script: RUN_HOOK_SCRIPT,
    args: [
      String(Math.ceil(timeoutMs / 1000)),
      String(input.size),
      input.sha256,
      ...Object.entries(env).map(([variable, value]) => `${variable}=${value}`),
    ],
    stdin: input,
    sudo: true,
    timeoutMs: timeoutMs + AROUND_MS,
    secrets,
    parse: (output) => (output.exitCode === 0 ? ok(undefined) : err(hookProblem(name, output))),
  };
}

function hookProblem(name: string, output: RemoteOutput): Problem {
  switch (output.exitCode) {
    case HOOK_FAILED:
    case TOO_LONG:
    case TOO_MUCH:
      return hookFailed(name, output.stderr.trim(), output.stdout);
    case STILL_RUNNING:
      return failed('hook-still-running', `The hook ${name} was not begun`, output, [
        'It ends by itself when its time limit is over; run again then.',
      ]);
    default:
      return failed('hook-not-run', `The hook ${name} could not be run`, output);
  }
}

/** A hook that did not end well; `why` says how it ended, and what it printed last says the rest. */
export function hookFailed(name: string, why: string, printed: string): Problem {
  const last = printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-3);
  return problem('hook-failed', `The hook ${name} did not succeed`, {
    why: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    details: last,
    nextSteps: ['Read its output in the log, remove the cause, then run again.'],
  });
}
