import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { REMOVED_UNITS_FOLDER, type K3sUnit } from '../k3s/paths';
import { serviceName, statusCommand, type ServiceManager } from '../k3s/serviceManager';
import { failed } from './failure';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

const HOLDS_DATA = 4;
const RUNS = 5;

/**
 * $1: unit, further ones: folders in which a server that it started would have its data. Has the service manager forget a unit and keeps
 * its files aside; prints `removed` or `absent`. A unit that works is left alone, and the unit of a server whose data is there.
 * The environment file goes last, so that what was cut off is found again by its unit.
 */
export const REMOVE_UNIT_SCRIPT: RemoteScript = {
  id: 'remove-unit',
  text: `export LC_ALL=C
${SERVICES}
unit=$1
shift
kept=${REMOVED_UNITS_FOLDER}
file=$(unit_file "$unit")
show() { systemctl show "$unit" -p "$1" | cut -d= -f2-; }
if [ "$(show ActiveState)" = active ]; then exit ${RUNS}; fi
if [ "$unit" = k3s ]; then
  for folder; do
    for data in "$folder/server/db" "$folder/server/token"; do
      if [ -e "$data" ]; then echo "$data" >&2; exit ${HOLDS_DATA}; fi
    done
  done
fi
answer=absent
if [ -e "$file" ] || [ -L "$file" ]; then
  systemctl disable --now "$unit" >/dev/null || exit 1
  answer=removed
fi
umask 077
for name in "$file" "$(unit_environment "$unit")"; do
  if [ ! -e "$name" ] && [ ! -L "$name" ]; then continue; fi
  mkdir -p $kept && mv -f "$name" "$kept/\${name##*/}" || exit 1
done
systemctl daemon-reload || exit 1
systemctl reset-failed "$unit" 2>/dev/null
left=$(show FragmentPath)
if [ -n "$left" ]; then echo "systemd still has $left" >&2; exit 1; fi
echo $answer`,
};

/** Takes a unit of K3s off a machine to which it does not belong. */
export function removeUnit(
  unit: K3sUnit,
  dataFolders: readonly string[],
  manager?: ServiceManager,
): RemoteCommand<'removed' | 'absent'> {
  return {
    script: REMOVE_UNIT_SCRIPT,
    args: [unit, ...dataFolders],
    sudo: true,
    timeoutMs: 150_000,
    secrets: [],
    parse: (output) => parse(unit, manager, output),
  };
}

function parse(
  unit: K3sUnit,
  manager: ServiceManager | undefined,
  output: RemoteOutput,
): Result<'removed' | 'absent', Problem> {
  const service = serviceName(unit, manager);
  if (output.exitCode === HOLDS_DATA) {
    return err(
      problem('unit-holds-data', `${service} stays: a server of K3s has kept its data on this host`, {
        why: `There is ${output.stderr.trim()}.`,
        nextSteps: [
          'See whose data that is, and save it if anybody needs it; then move it away and run again. Nothing was changed.',
        ],
      }),
    );
  }
  if (output.exitCode === RUNS) {
    return err(
      problem('unit-runs', `${service} stays: it runs now`, {
        nextSteps: ['Run again: the new plan says what to do about it. Nothing was changed.'],
      }),
    );
  }
  const answer = /^(removed|absent)$/m.exec(output.stdout)?.[1];
  return output.exitCode === 0 && answer !== undefined
    ? ok(answer as 'removed' | 'absent')
    : err(
        failed('unit-not-removed', `${service} could not be taken off this host`, output, [
          `See "${statusCommand(unit, manager)}" on the host, then run again.`,
        ]),
      );
}
