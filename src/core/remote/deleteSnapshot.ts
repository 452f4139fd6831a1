import { err, ok } from '../base/result';
import { journalLine } from '../k3s/journal/journalLine';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: name of a snapshot, $2: `disk`, or `everywhere` to let the configuration of the server decide about S3. K3s says in words
 * and not by its exit status whether there was one, all of it on standard error.
 */
export const DELETE_SNAPSHOT_SCRIPT: RemoteScript = {
  id: 'delete-snapshot',
  text: String.raw`export LC_ALL=C
${HOST_K3S}
if [ "$2" = disk ]; then s3=--etcd-s3=false; else s3=; fi
said=$(k3s etcd-snapshot delete $s3 "$1" 2>&1)
status=$?
printf '%s\n' "$said" | grep -v 'Unknown flag' | tail -n 3 >&2
exit "$status"`,
};

/** Has K3s delete a snapshot on a server, and in S3 unless only its `disk` is meant. One that is gone already is as wanted. */
export function deleteSnapshot(name: string, where: 'disk' | 'everywhere'): RemoteCommand<void> {
  return {
    script: DELETE_SNAPSHOT_SCRIPT,
    args: [name, where],
    sudo: true,
    timeoutMs: 5 * 60_000,
    secrets: [],
    parse: (output) => {
      if (output.exitCode === 0) return ok(undefined);
      const found = failed('snapshot-not-deleted', `K3s did not delete the snapshot ${name}`, output);
      return err(found.why === undefined ? found : { ...found, why: journalLine(found.why).text });
    },
  };
}
