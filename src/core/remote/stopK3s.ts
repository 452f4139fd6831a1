import { problem, type Problem } from '../base/problem';
import { err, ok } from '../base/result';
import { listed } from '../base/words';
import { K3S_UNITS, type K3sUnit } from '../k3s/paths';
import { logCommand, statusCommand, type ServiceManager } from '../k3s/serviceManager';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import { kubeletFolder, POD_MOUNTS, type ChosenFolders } from './podMounts';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

const STILL_RUNS = 4;
const PODS_RUN = 5;

/**
 * $1: data-dir, $2: seconds, $3: folder of the kubelet. Stops K3s and keeps it from starting at the next boot, then ends what outlives it: the
 * containers of its pods, with what they have mounted. Prints `stopped` or `absent`. Containers are found by the programs of K3s
 * and by their control groups, as its own k3s-killall.sh does by the first alone.
 * https://docs.k3s.io/upgrades/killall
 */
export const STOP_K3S_SCRIPT: RemoteScript = {
  id: 'stop-k3s',
  text: `export LC_ALL=C
${ROOT_PATH}
${SERVICES}
${POD_MOUNTS}
data=$(real "$1")
end=$(($(date +%s) + $2))
is_over() { [ "$(date +%s)" -ge "$end" ]; }
answer=absent
for unit in ${K3S_UNITS.join(' ')}; do
  systemctl cat "$unit" >/dev/null 2>&1 || continue
  state() { systemctl show "$unit" -p ActiveState | cut -d= -f2-; }
  # A machine that boots now must not come back as what it is no longer.
  systemctl disable --quiet "$unit" || exit 1
  case $(state) in
    inactive) ;;
    # With OpenRC its process may have outlived the one that watched it.
    failed) systemctl stop "$unit" || exit 1 ;;
    *) answer=stopped; systemctl stop --no-block "$unit" || exit 1 ;;
  esac
  until case $(state) in inactive | failed) true ;; *) false ;; esac do
    if is_over; then echo "$unit is $(state)" >&2; exit ${STILL_RUNS}; fi
    sleep 0.2 2>/dev/null || sleep 1
  done
done
of_pods() {
  for process in /proc/[0-9]*; do
    case $(readlink "$process/exe" 2>/dev/null) in
      "$data"/data/*/bin/containerd-shim*) echo "\${process##*/}" ;;
    esac
  done
  find /sys/fs/cgroup -path '*/kubepods*' -name cgroup.procs -exec cat {} + 2>/dev/null
}
while :; do
  # A process of another namespace reads as 0, and 0 would be this very group.
  left=$(of_pods | awk '$1 > 1' | sort -un | tr '\\n' ' ')
  if [ -z "$left" ]; then break; fi
  if is_over; then echo "processes $left" >&2; exit ${PODS_RUN}; fi
  answer=stopped
  # shellcheck disable=SC2086
  kill -9 $left 2>/dev/null
  sleep 0.2 2>/dev/null || sleep 1
done
unmount_below "$data/agent" "$3" /run/k3s
echo $answer`,
};

/** What has not ended after 90 s is killed; containers end at once. */
const STOP_SECONDS = 120;

/** Stops K3s on a host with everything that it runs; says whether anything ran. */
export function stopK3s(
  dataDir: string,
  manager?: ServiceManager,
  chosen: ChosenFolders = {},
): RemoteCommand<'stopped' | 'absent'> {
  return {
    script: STOP_K3S_SCRIPT,
    args: [dataDir, String(STOP_SECONDS), kubeletFolder(chosen)],
    sudo: true,
    // Volumes of a server that is gone take their time on top.
    timeoutMs: (STOP_SECONDS + 180) * 1000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(/^stopped$/m.test(output.stdout) ? 'stopped' : 'absent')
        : err(stopProblem(output, manager)),
  };
}

function stopProblem(output: RemoteOutput, manager: ServiceManager | undefined): Problem {
  const left = output.stderr.trim().split('\n').at(-1) ?? '';
  const see = (command: (unit: K3sUnit, manager: ServiceManager | undefined) => string): string =>
    `See ${listed(K3S_UNITS.map((unit) => `"${command(unit, manager)}"`))} on the host, then run again.`;
  switch (output.exitCode) {
    case STILL_RUNS:
      return problem('k3s-not-stopped', `K3s does not stop within ${STOP_SECONDS} s`, {
        why: `${left}.`,
        nextSteps: [see(logCommand)],
      });
    case PODS_RUN:
      return problem('pods-not-stopped', 'Containers of pods do not end, although K3s is stopped', {
        why: `These processes cannot be killed: ${left}. Most often they wait for a volume whose server is gone.`,
        nextSteps: ['Bring that server back or restart the host, then run again. K3s stays stopped until then.'],
      });
    default:
      return failed('k3s-not-stopped', 'K3s could not be stopped', output, [see(statusCommand)]);
  }
}
