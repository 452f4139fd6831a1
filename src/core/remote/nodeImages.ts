import { err, ok, type Result } from '../base/result';
import { problem, type Problem } from '../base/problem';
import { IMAGE_CACHE } from '../k3s/imageCache';
import { journalLine } from '../k3s/journal/journalLine';
import type { K3sUnit } from '../k3s/paths';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

/**
 * $1: data-dir, $2: unit; standard input: names of images, one a line. Prints each with `pinned`, `loose` or `missing`,
 * `cache` when K3s imports only archives that have changed, and when something is not as it should be what its journal says
 * of imports that failed, and `over` when it has tried every archive. kubelet never deletes what has the label. https://github.com/containerd/containerd/pull/7944
 */
export const NODE_IMAGES_SCRIPT: RemoteScript = {
  id: 'node-images',
  text: `export LC_ALL=C
${HOST_K3S}
${SERVICES}
listing=$(export K3S_DATA_DIR="$1"; k3s ctr --namespace k8s.io images ls) || exit 1
states=$({ printf '%s\\n\\n' "$listing"; cat; } | awk '
  wanted { print ($0 in state ? state[$0] : "missing") " " $0; next }
  $0 == "" { wanted = 1; next }
  { state[$1] = index($0, "io.cri-containerd.pinned=pinned") ? "pinned" : "loose" }')
printf '%s\\n' "$states"
if [ -e "$1/agent/images/${IMAGE_CACHE}" ]; then echo cache; fi
case $states in
  *missing\\ *|*loose\\ *)
    id=$(systemctl show "$2" -p InvocationID | cut -d= -f2-)
    if [ -n "$id" ]; then
      journal=$(journalctl "_SYSTEMD_INVOCATION_ID=$id" --no-pager -q -o cat 2>/dev/null | grep -i import)
      printf '%s\\n' "$journal" | grep -i 'error.* importing ' | tail -n 5 | sed 's/^/failure /'
      over=over
      for archive in "$1"/agent/images/*; do
        case $archive in *.tar | *.tar.* | *.tgz | *.tbz | *.tzst) ;; *) continue ;; esac
        case $journal in *" $archive in "* | *" $archive: "*) ;; *) over= ;; esac
      done
      echo $over
    fi
    ;;
esac
exit 0`,
};

/** How the images stand that a node is to have. */
export interface NodeImages {
  /** There, but kubelet may delete them. */
  readonly loose: readonly string[];
  readonly missing: readonly string[];
  /** K3s imports only archives that have changed. */
  readonly cached: boolean;
  /** Imports that failed since K3s was started, in its own words. */
  readonly failures: readonly string[];
  /** It has tried every archive since then; false while that is not known, or nothing lacks. */
  readonly over: boolean;
}

/** Asks the containerd of a running node for these images. */
export function nodeImages(dataDir: string, unit: K3sUnit, names: readonly string[]): RemoteCommand<NodeImages> {
  return {
    script: NODE_IMAGES_SCRIPT,
    args: [dataDir, unit],
    stdin: names.map((name) => `${name}\n`).join(''),
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output) => parse(output, names),
  };
}

function parse(output: RemoteOutput, names: readonly string[]): Result<NodeImages, Problem> {
  const steps = ['See "k3s ctr images ls" there: containerd has to run.'];
  if (output.exitCode !== 0)
    return err(failed('images-unreadable', 'The images of this host could not be listed', output, steps));
  const lines = output.stdout.split('\n');
  const told = (word: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const [pinned, loose, missing] = ['pinned', 'loose', 'missing'].map((word) => new Set(told(word)));
  if (!names.every((name) => pinned?.has(name) || loose?.has(name) || missing?.has(name)))
    return err(problem('images-unreadable', 'The host did not tell all of its images', { nextSteps: steps }));
  return ok({
    loose: names.filter((name) => loose?.has(name)),
    missing: names.filter((name) => missing?.has(name)),
    cached: lines.includes('cache'),
    failures: told('failure').map((line) => journalLine(line).text),
    over: lines.includes('over'),
  });
}
