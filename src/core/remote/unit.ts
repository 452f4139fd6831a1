import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';
import { failed } from './failure';
import { CONFIG_PATH, type K3sUnit } from '../k3s/paths';
import { statusCommand, type ServiceManager } from '../k3s/serviceManager';

/**
 * $1: start, restart or stop; $2: unit. start and restart return at once: the unit is Type=notify without a start
 * time-out, so a blocking call would hang for as long as K3s cannot come up (k3s-io/k3s#11808). A start replaces a process
 * that is still starting with an older configuration, which `systemctl start` would leave alone.
 * Prints the invocation that runs or ran before the change; nothing when a start left a process as it was.
 */
export const UNIT_CONTROL_SCRIPT: RemoteScript = {
  id: 'unit-control',
  text: `export LC_ALL=C
${SERVICES}
verb=$1
unit=$2
show() { systemctl show "$unit" -p "$1" | cut -d= -f2-; }
systemctl daemon-reload
systemctl reset-failed "$unit" 2>/dev/null
if [ "$verb" = stop ]; then
  systemctl stop "$unit" || exit 1
  exit
fi
before=$(show InvocationID)
state="$(show ActiveState) $(show SubState)"
case "$verb $state" in
  "start activating auto-restart") ;;
  "start activating "*)
    started=$(date -d "$(show ExecMainStartTimestamp)" +%s 2>/dev/null || echo 0)
    changed=$(stat -L -c %Y ${CONFIG_PATH} 2>/dev/null || echo 0)
    if [ "$changed" -ge "$started" ]; then verb=restart; else before=; fi
    ;;
  "start active "*) before= ;;
esac
systemctl enable --quiet "$unit" || exit 1
systemctl --no-block "$verb" "$unit" || exit 1
echo "InvocationID=$before"`,
};

/**
 * $1: unit, $2: invocation whose journal nobody wants, $3: journal lines, $4: seconds to wait for a change of the state,
 * $5: state that is known already. The first line is the state, the rest the journal of the present invocation: its
 * processes, and what systemd says of it.
 */
export const UNIT_STATUS_SCRIPT: RemoteScript = {
  id: 'unit-status',
  text: `export LC_ALL=C
${SERVICES}
turns=$(($4 * 4))
while :; do
  state=$(systemctl show "$1" -p InvocationID -p ActiveState -p SubState -p NRestarts -p Result | tr '\\n' ' ')
  if [ "$state" != "$5" ] || [ "$turns" -le 0 ]; then break; fi
  turns=$((turns - 1))
  sleep 0.25 2>/dev/null || sleep 1
done
printf '%s\\n' "$state"
id=\${state#*InvocationID=}
id=\${id%% *}
if [ -n "$id" ] && [ "$id" != "$2" ]; then
  journalctl "_SYSTEMD_INVOCATION_ID=$id" + _PID=1 "INVOCATION_ID=$id" --no-pager -q -o cat -n "$3" 2>/dev/null || true
fi`,
};

export interface UnitStatus {
  /** The whole state as one text: as long as it is the same, nothing has changed. */
  readonly state: string;
  /** systemd ActiveState. */
  readonly active: string;
  readonly sub: string;
  readonly restarts: number;
  readonly result: string;
  /** systemd's id of this run of the unit, new at each start; empty for a unit that has not run since the host was started. */
  readonly invocation: string;
  /** Last journal lines of this invocation, oldest first. */
  readonly journal: readonly string[];
}

/**
 * Starts, restarts (both without waiting) or stops a unit. Gives the invocation before the change: only another one proves
 * that the change took place. Empty when any does.
 */
export function controlUnit(
  verb: 'start' | 'restart' | 'stop',
  unit: K3sUnit,
  manager?: ServiceManager,
): RemoteCommand<string> {
  return {
    script: UNIT_CONTROL_SCRIPT,
    args: [verb, unit],
    sudo: true,
    timeoutMs: 120_000,
    secrets: [],
    parse: (output) => {
      const before = /^InvocationID=([0-9a-f]*)$/m.exec(output.stdout)?.[1];
      if (output.exitCode === 0 && (before !== undefined || verb === 'stop')) return ok(before ?? '');
      return err(
        failed(
          'unit-control-failed',
          `${manager === 'openrc' ? 'OpenRC' : 'systemd'} could not ${verb} ${unit}`,
          output,
          [`See "${statusCommand(unit, manager)}" on the host.`],
        ),
      );
    },
  };
}

export interface UnitStatusOptions {
  /** Invocation whose journal is left out; empty for none. */
  readonly before: string;
  readonly journalLines: number;
  readonly waitSeconds: number;
  /** {@link UnitStatus.state} of the last look; empty for an answer at once. */
  readonly known: string;
}

/** The unit's state and journal; waits on the host for up to `waitSeconds` for a state other than the known one. */
export function unitStatus(unit: K3sUnit, options: UnitStatusOptions): RemoteCommand<UnitStatus> {
  return {
    script: UNIT_STATUS_SCRIPT,
    args: [unit, options.before, String(options.journalLines), String(options.waitSeconds), options.known],
    sudo: true,
    timeoutMs: (options.waitSeconds + 30) * 1000,
    secrets: [],
    parse: parseStatus,
  };
}

function parseStatus(output: RemoteOutput): Result<UnitStatus, Problem> {
  const [state = '', ...journal] = output.stdout.split('\n');
  const values = new Map(
    state
      .trim()
      .split(' ')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const active = values.get('ActiveState') ?? '';
  if (output.exitCode !== 0)
    return err(failed('unit-status-failed', 'The state of the unit could not be read', output));
  if (active === '') return err(problem('unit-status-failed', 'The host did not tell the state of the unit'));
  const text = (name: string): string => values.get(name) ?? '';
  return ok({
    state,
    active,
    sub: text('SubState'),
    restarts: Number(text('NRestarts')) || 0,
    result: text('Result'),
    invocation: text('InvocationID'),
    journal: journal.filter((line) => line !== ''),
  });
}
