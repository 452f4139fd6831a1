/**
 * Shell functions for what is mounted below folders. `mounts FOLDER…` lists it as /proc/self/mounts writes it, the deepest
 * first; the folders themselves do not count, they may be disks of their own. `unmount_below FOLDER…` takes it away; an unmount
 * that hangs on a dead server is left after five seconds, with nothing that holds the connection open. `tell_mounts FOLDER…`
 * says what each one is, and whose.
 */
export const POD_MOUNTS = String.raw`real() { readlink -f "$1" 2>/dev/null || printf '%s\n' "$1"; }
mounts() {
  for folder; do
    below=$(real "$folder" | sed 's/\\/\\134/g; s/ /\\040/g')/ awk 'index($2, ENVIRON["below"]) == 1 { print $2 }' /proc/self/mounts
  done | sort -r
}
decoded() { printf "$(printf %s "$1" | sed 's/%/%%/g')"; }
unmount() {
  umount -f "$1" >/dev/null 2>&1 </dev/null &
  turns=25
  while kill -0 $! 2>/dev/null; do
    if [ $turns -le 0 ]; then kill -9 $! 2>/dev/null; return; fi
    turns=$((turns - 1))
    sleep 0.2 2>/dev/null || sleep 1
  done
}
unmount_below() {
  mounts "$@" | while IFS= read -r path; do unmount "$(decoded "$path")"; done
}
tell_mounts() {
  mounts "$@" | while IFS= read -r path; do
    id=${'${path#*/pods/}'}
    pod=
    for log in /var/log/pods/*_"${'${id%%/*}'}"; do
      if [ -d "$log" ]; then pod=${'${log##*/}'} pod=${'${pod%_*}'} pod=", of pod ${'${pod%%_*}/${pod#*_}'}"; fi
    done
    from=$(at=$path awk '$2 == ENVIRON["at"] { print $1 " (" $3 ")" }' /proc/self/mounts | tail -n 1)
    printf '%s from %s%s\n' "$(decoded "$path")" "$from" "$pod"
  done
}`;

/** Where pods have volumes, besides the data folder of K3s, unless its kubelet was given another folder. */
const KUBELET_FOLDER = '/var/lib/kubelet';

/** Folders that options put elsewhere; K3s's own place holds for those that are not named. */
export interface ChosenFolders {
  /** `root-dir` of the kubelet: below it are the volumes of pods. */
  readonly kubelet?: string;
  /** `etcd-snapshot-dir`. */
  readonly snapshots?: string;
  /** `default-local-storage-path`: the volumes of local-path. */
  readonly volumes?: string;
}

export function kubeletFolder({ kubelet }: ChosenFolders): string {
  return kubelet ?? KUBELET_FOLDER;
}
