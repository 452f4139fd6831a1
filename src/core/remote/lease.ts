import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * $1: run, $2: who, $3: seconds until it ends by itself, $4: a run that is known to be over. Takes the lease of this host
 * or renews it; one that another run holds and that has not ended stays. Prints `held` or `taken`, who holds it, since when
 * (seconds since 1970), and the run.
 */
export const TAKE_LEASE_SCRIPT: RemoteScript = {
  id: 'take-lease',
  text: `export LC_ALL=C
umask 077
base=/var/lib/k3s-ha
mkdir -p $base || exit 1
tries=0
until mkdir $base/lease.lock 2>/dev/null; do
  tries=$((tries + 1))
  # Nobody works in here for seconds: whoever made it was cut off.
  if [ $tries -gt 25 ]; then rm -rf $base/lease.lock; tries=0; fi
  sleep 0.2 2>/dev/null || sleep 1
done
trap 'rm -rf $base/lease.lock' EXIT
now=$(date +%s)
{ IFS= read -r run; IFS= read -r who; IFS= read -r since; IFS= read -r until; } 2>/dev/null < $base/lease
if [ -n "$run" ] && [ "$run" != "$1" ] && [ "$run" != "$4" ] && [ "\${until:-0}" -gt "$now" ]; then
  printf 'held\\n%s\\n%s\\n%s\\n' "$who" "$since" "$run"
  exit 0
fi
if [ "$run" != "$1" ]; then since=$now; fi
printf '%s\\n%s\\n%s\\n%s\\n' "$1" "$2" "$since" $((now + $3)) > $base/lease.new && mv -f $base/lease.new $base/lease || exit 1
printf 'taken\\n%s\\n%s\\n%s\\n' "$2" "$since" "$1"`,
};

/** $1: run. Ends the lease of this host if it is that of the run. */
export const RELEASE_LEASE_SCRIPT: RemoteScript = {
  id: 'release-lease',
  text: `base=/var/lib/k3s-ha
{ IFS= read -r run; } 2>/dev/null < $base/lease
if [ "$run" = "$1" ]; then rm -f $base/lease; fi`,
};

/** Who works on a host. */
export interface LeaseAnswer {
  readonly taken: boolean;
  /** Who holds it now, as they call themselves. */
  readonly who: string;
  /** Seconds since 1970, by the clock of the host. */
  readonly since: number;
  readonly run: string;
}

/** Takes or renews the lease of a host for `seconds`; `run`, `who` and the run that is `over` are single lines. */
export function takeLease(run: string, who: string, seconds: number, over = ''): RemoteCommand<LeaseAnswer> {
  return {
    script: TAKE_LEASE_SCRIPT,
    args: [run, who, String(seconds), over],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: parseLease,
  };
}

export function releaseLease(run: string): RemoteCommand<void> {
  return {
    script: RELEASE_LEASE_SCRIPT,
    args: [run],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0 ? ok(undefined) : err(failed('lease-failed', 'The lease could not be given back', output)),
  };
}

function parseLease(output: RemoteOutput): Result<LeaseAnswer, Problem> {
  const [word, who = '', since = '', run = ''] = output.stdout.split('\n');
  if (output.exitCode !== 0) return err(failed('lease-failed', 'The lease of this host could not be taken', output));
  if (word !== 'taken' && word !== 'held')
    return err(problem('lease-failed', 'The host did not tell whose lease it has'));
  return ok({ taken: word === 'taken', who, since: Number(since) || 0, run });
}
