import { problem, type Problem } from '../base/problem';
import { err, ok } from '../base/result';
import { ASIDE_FOLDER, K3S_UNITS, KEPT_FOLDER, PLACED_PATH, REMOVED_UNITS_FOLDER } from '../k3s/paths';
import { failed } from './failure';
import { HASH_FUNCTION } from './fileSha256';
import { K3S_PATH } from './hostK3s';
import { kubeletFolder, POD_MOUNTS, type ChosenFolders } from './podMounts';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

const RUNS = 4;
const MOUNTED = 5;
const LEFT = 6;

/**
 * $1: data-dir, $2: `keep` leaves the program, $3: folder of the kubelet, $4: folder of snapshots and $5: of volumes, where options have
 * chosen one. Takes away what K3s and K3s HA have put on a host: units, configuration, data,
 * placed files that nobody has changed, network, program. K3s's own k3s-uninstall.sh removes what lies behind a volume that is
 * still mounted; here nothing is touched while anything is mounted, and no folder is left by its file system. Data of
 * volumes stays, and snapshots of etcd with the token that they need are moved to a place of their own, as are volumes that lie in
 * a folder that goes: prints `kept PATH` for
 * each. The program goes first: whatever calls it unpacks itself into the data folder again.
 */
export const UNINSTALL_K3S_SCRIPT: RemoteScript = {
  id: 'uninstall-k3s',
  text: `export LC_ALL=C
${SERVICES}
${K3S_PATH}
${HASH_FUNCTION}
${POD_MOUNTS}
umask 077
data=$(real "$1")
keep=$2
kubelet=$(real "$3")
snapshots=\${4:+$(real "$4")}
volumes=\${5:+$(real "$5")}
# What K3s owns; volumes of its own provisioner are in storage, and stay.
set -- "$data/agent" "$data/data" "$data/server" "$data/etc" "$kubelet" /run/k3s
for unit in ${K3S_UNITS.join(' ')}; do
  case $(systemctl show "$unit" -p ActiveState 2>/dev/null | cut -d= -f2-) in
    '' | inactive | failed) ;;
    *) echo "$unit" >&2; exit ${RUNS} ;;
  esac
done
unmount_below "$data/agent" "$kubelet" /run/k3s
if [ -n "$(mounts "$@")" ]; then tell_mounts "$@" >&2; exit ${MOUNTED}; fi
# The folder itself may be a disk of its own, or a link to one. Not every find can delete.
clear() {
  if [ ! -d "$1" ]; then rm -f "$1"; return; fi
  find "$1/" -xdev -mindepth 1 ! -type d -exec rm -f {} + &&
    find "$1/" -xdev -mindepth 1 -depth -type d -exec rmdir {} + && { rmdir "$1" 2>/dev/null || rm -f "$1" 2>/dev/null || [ -z "$(ls -A "$1")" ]; }
}
binary=$(k3s_path)
folder=\${binary%/*}
if [ "$keep" != keep ] && [ -n "$binary" ]; then
  for name in kubectl crictl ctr; do
    if [ "$(readlink "$folder/$name")" = k3s ] || [ "$(readlink "$folder/$name")" = "$binary" ]; then rm -f "$folder/$name" || exit 1; fi
  done
  rm -f "$folder/k3s-killall.sh" "$folder/k3s-uninstall.sh" "$folder/k3s-agent-uninstall.sh" "$binary" || exit 1
fi
if [ -f ${PLACED_PATH} ]; then
  while read -r sum when path; do
    if [ -f "$path" ] && [ "$(hash < "$path")" = "$sum" ]; then rm -f "$path" || exit 1; fi
  done < ${PLACED_PATH}
fi
goes() {
  for part in "$data/agent" "$data/data" "$data/server" "$data/etc" "$kubelet"; do
    case $1/ in "$part"/*) return 0 ;; esac
  done
  return 1
}
# $1: a folder with what nobody can make anew, $2: its name in the place of what is kept.
rescue() {
  if [ -z "$1" ] || ! goes "$1" || [ -z "$(ls -A "$1" 2>/dev/null)" ]; then return; fi
  mkdir -p "${KEPT_FOLDER}/$2" && find "$1/" -mindepth 1 -maxdepth 1 -exec mv -f {} "${KEPT_FOLDER}/$2/" ';' || exit 1
  if [ -n "$(ls -A "$1")" ]; then echo "$1 cannot be moved" >&2; exit 1; fi
  if [ "$2" = snapshots ] && [ -f "$data/server/token" ]; then cp -L "$data/server/token" ${KEPT_FOLDER}/token || exit 1; fi
}
rescue "$volumes" volumes
rescue "$data/server/db/snapshots" snapshots
rescue "$snapshots" snapshots
for part in "$@" /run/flannel /var/lib/cni /etc/rancher/k3s /etc/rancher/node; do clear "$part" || exit 1; done
rmdir "$data/storage" "$data" /etc/rancher 2>/dev/null
for link in $(ip -o link show master cni0 2>/dev/null | awk -F'[ :@]+' '{ print $2 }') cni0 flannel.1 flannel-v6.1 flannel-wg flannel-wg-v6 kube-ipvs0; do
  ip link delete "$link" 2>/dev/null
done
for space in $(ip netns list 2>/dev/null | awk '/^cni-/ { print $1 }'); do ip netns delete "$space" 2>/dev/null; done
for tables in iptables ip6tables; do
  if command -v "$tables-save" >/dev/null 2>&1 && "$tables-save" 2>/dev/null | grep -qi 'KUBE-\\|CNI-\\|flannel'; then
    "$tables-save" | grep -v 'KUBE-\\|CNI-' | grep -iv flannel | "$tables-restore" || exit 1
  fi
done
for unit in ${K3S_UNITS.join(' ')}; do
  systemctl disable --quiet "$unit" 2>/dev/null
  rm -f "$(unit_file "$unit")" "$(unit_environment "$unit")" || exit 1
  for trace in $(unit_traces "$unit"); do clear "$trace" || exit 1; done
  systemctl reset-failed "$unit" 2>/dev/null
done
systemctl daemon-reload || exit 1
for part in ${ASIDE_FOLDER} ${ASIDE_FOLDER}.new ${REMOVED_UNITS_FOLDER} ${PLACED_PATH}; do clear "$part" || exit 1; done
rm -f /var/lib/k3s-ha/install.*
left=
for part in "$@" /etc/rancher/k3s ${K3S_UNITS.map((unit) => `"$(unit_file ${unit})"`).join(' ')}; do
  if [ -d "$part" ] && [ -z "$(ls -A "$part")" ]; then continue; fi
  if [ -e "$part" ]; then left="$left $part"; fi
done
if [ "$keep" != keep ] && [ -n "$binary" ] && [ -e "$binary" ]; then left="$left $binary"; fi
if [ -n "$left" ]; then echo "$left" >&2; exit ${LEFT}; fi
for part in "$data/storage" ${KEPT_FOLDER}; do if [ -e "$part" ]; then echo "kept $part"; fi; done`,
};

/** What stays on a host on purpose: folders with data that nobody can make anew. */
export interface Uninstalled {
  readonly kept: readonly string[];
}

/** Uninstalls a K3s that is stopped; `keepsProgram` where somebody else has put it there. */
export function uninstallK3s(
  dataDir: string,
  keepsProgram: boolean,
  chosen: ChosenFolders = {},
): RemoteCommand<Uninstalled> {
  const { snapshots = '', volumes = '' } = chosen;
  return {
    script: UNINSTALL_K3S_SCRIPT,
    args: [dataDir, keepsProgram ? 'keep' : '', kubeletFolder(chosen), snapshots, volumes],
    sudo: true,
    timeoutMs: 10 * 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok({ kept: [...output.stdout.matchAll(/^kept (.+)$/gm)].map(([, path = '']) => path) })
        : err(uninstallProblem(output)),
  };
}

function uninstallProblem(output: RemoteOutput): Problem {
  const lines = output.stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  switch (output.exitCode) {
    case RUNS:
      return problem('k3s-runs', `K3s is not uninstalled: ${lines.join(', ')} runs`, {
        nextSteps: ['Somebody has started it meanwhile. Run again: the new plan says what to do about it.'],
      });
    case MOUNTED:
      return problem('volumes-mounted', 'K3s is not uninstalled: volumes of pods are still mounted', {
        why: 'Removing the folders of K3s would delete what lies behind them, on other machines as well. Nothing was removed.',
        details: lines,
        nextSteps: [
          'Unmount each of them on the host ("umount PATH"; where its server is gone for good "umount -l PATH"), then run again.',
        ],
      });
    case LEFT:
      return problem('k3s-left', `K3s is not wholly uninstalled: ${lines.join(' ')} cannot be removed`, {
        nextSteps: ['See on the host what keeps it there, then run again.'],
      });
    default:
      return failed('k3s-not-uninstalled', 'K3s could not be uninstalled', output, [
        'Run again when the cause is removed; what is gone already stays gone.',
      ]);
  }
}
