import { err, ok } from '../base/result';
import { PLACED_PATH } from '../k3s/paths';
import { failed } from './failure';
import { HASH_FUNCTION } from './fileSha256';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: path of a manifest. Deletes from the cluster what K3s made of it, if it is still what was placed; prints `deleted`,
 * `absent` or `changed`. K3s itself deletes nothing when a manifest goes. Its AddOn goes as well: it knows the sha256 of what
 * was applied, and K3s would not apply the same manifest a second time.
 * https://docs.k3s.io/installation/packaged-components and https://github.com/k3s-io/k3s/blob/master/pkg/deploy/controller.go
 */
export const DELETE_MANIFEST_SCRIPT: RemoteScript = {
  id: 'delete-manifest',
  text: `${HOST_K3S}
export LC_ALL=C
${HASH_FUNCTION}
if [ ! -f "$1" ]; then echo absent; exit 0; fi
sum=$(hash < "$1")
known=$(while read -r one when path; do if [ "$path" = "$1" ] && [ "$one" = "$sum" ]; then echo yes; fi; done < ${PLACED_PATH}) || exit 1
if [ -z "$known" ]; then echo changed; exit 0; fi
addon=$(basename "$1")
k3s kubectl delete addons.k3s.cattle.io "\${addon%.*}" --namespace kube-system --ignore-not-found --timeout=60s >/dev/null || exit 1
k3s kubectl delete -f "$1" --ignore-not-found --timeout=120s >/dev/null || exit 1
echo deleted`,
};

/** What became of the objects of a manifest. */
export type Deletion = 'deleted' | 'absent' | 'changed';

/** Deletes from the cluster what K3s made of a manifest that was placed on this server and leaves. */
export function deleteManifest(path: string): RemoteCommand<Deletion> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    script: DELETE_MANIFEST_SCRIPT,
    args: [path],
    sudo: true,
    timeoutMs: 240_000,
    secrets: [],
    parse: (output) => {
      const answer = /^(deleted|absent|changed)$/m.exec(output.stdout)?.[1];
      return output.exitCode === 0 && answer !== undefined
        ? ok(answer as Deletion)
        : err(
            failed('manifest-not-deleted', `What K3s made of ${name} could not be deleted`, output, [
              'Run again when the cause is removed; what is gone already stays gone.',
            ]),
          );
    },
  };
}
