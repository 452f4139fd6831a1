import { problem, type Problem } from '../../base/problem';
import { err, ok, type Result } from '../../base/result';
import type { RemoteCommand, RemoteOutput, RemoteScript } from '../remoteCommand';
import { shellWord } from '../shell';
import { failed } from './failure';
import type { K3sUnit } from './probe';

/**
 * $1: start, restart or stop; $2: unit. start and restart return at once: the unit is Type=notify without a start
 * time-out, so a blocking call would hang for as long as K3s cannot come up (k3s-io/k3s#11808).
 * Prints the host's time from before the change, for reading the journal from there.
 */
export const UNIT_CONTROL_SCRIPT: RemoteScript = {
  id: 'unit-control',
  text: `export LC_ALL=C
now=$(date +%s)
systemctl daemon-reload
systemctl reset-failed "$2" 2>/dev/null
if [ "$1" = stop ]; then
  systemctl stop "$2" || exit 1
else
  systemctl enable --quiet "$2" || exit 1
  systemctl --no-block "$1" "$2" || exit 1
fi
echo "$now"`,
};

/**
 * $1: unit, $2: journal since this host time, $3: journal lines, $4: seconds to wait for the end of "activating",
 * $5: number of restarts already known. Returns early when the unit becomes active, fails or restarts once more.
 */
export const UNIT_STATUS_SCRIPT: RemoteScript = {
  id: 'unit-status',
  text: `export LC_ALL=C
show() { systemctl show "$unit" -p "$1" | cut -d= -f2-; }
unit=$1
turns=$(($4 * 4))
while :; do
  active=$(show ActiveState)
  restarts=$(show NRestarts)
  if [ "$active" != activating ] || [ "\${restarts:-0}" -gt "$5" ] || [ "$turns" -le 0 ]; then break; fi
  turns=$((turns - 1))
  sleep 0.25 2>/dev/null || sleep 1
done
printf '%s\\n' "$active" "$(show SubState)" "$restarts" "$(show Result)"
journalctl -u "$unit" --no-pager -q -o cat -n "$3" --since "@$2" 2>/dev/null || true`,
};

export interface UnitStatus {
  /** systemd ActiveState. */
  readonly active: string;
  readonly sub: string;
  readonly restarts: number;
  readonly result: string;
  /** Last journal lines, oldest first. */
  readonly journal: readonly string[];
}

/** Starts, restarts (both without waiting) or stops a unit; gives the host's time before the change. */
export function controlUnit(verb: 'start' | 'restart' | 'stop', unit: K3sUnit): RemoteCommand<number> {
  return {
    script: UNIT_CONTROL_SCRIPT,
    args: [verb, unit],
    sudo: true,
    timeoutMs: 120_000,
    secrets: [],
    parse: (output) => {
      const time = Number(output.stdout.trim().split('\n').at(-1));
      if (output.exitCode === 0 && Number.isInteger(time)) return ok(time);
      return err(failed('unit-control-failed', `systemd could not ${verb} ${unit}`, output, [`See "systemctl status ${shellWord(unit)}" on the host.`]));
    },
  };
}

export interface UnitStatusOptions {
  readonly since: number;
  readonly journalLines: number;
  readonly waitSeconds: number;
  readonly knownRestarts: number;
}

/** The unit's state and journal; waits on the host for up to `waitSeconds` while the unit is starting. */
export function unitStatus(unit: K3sUnit, options: UnitStatusOptions): RemoteCommand<UnitStatus> {
  return {
    script: UNIT_STATUS_SCRIPT,
    args: [unit, String(options.since), String(options.journalLines), String(options.waitSeconds), String(options.knownRestarts)],
    sudo: true,
    timeoutMs: (options.waitSeconds + 30) * 1000,
    secrets: [],
    parse: parseStatus,
  };
}

function parseStatus(output: RemoteOutput): Result<UnitStatus, Problem> {
  const [active, sub, restarts, result, ...journal] = output.stdout.split('\n');
  if (output.exitCode !== 0 || active === undefined || result === undefined) {
    return err(output.exitCode === 0 ? problem('unit-status-failed', 'systemd did not tell the state of the unit') : failed('unit-status-failed', 'The state of the unit could not be read', output));
  }
  return ok({ active, sub: sub ?? '', restarts: Number(restarts) || 0, result, journal: journal.filter((line) => line !== '') });
}
