import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import { failed } from './failure';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

const RUNS = 4;

/**
 * $1: data-dir. Puts the data of a member aside that etcd has removed: K3s that starts with it waits for ever. What an earlier one
 * has left there goes; snapshots stay in their place. Prints `dropped` or `absent`.
 */
export const DROP_ETCD_SCRIPT: RemoteScript = {
  id: 'drop-etcd',
  text: `export LC_ALL=C
${SERVICES}
case $(systemctl show k3s -p ActiveState | cut -d= -f2-) in
  inactive | failed) ;;
  *) exit ${RUNS} ;;
esac
if [ ! -d "$1/server/db/etcd" ]; then echo absent; exit 0; fi
rm -rf "$1/server/db/etcd-left" && mv "$1/server/db/etcd" "$1/server/db/etcd-left" || exit 1
echo dropped`,
};

/** Lets a server whose member is gone begin anew. */
export function dropEtcd(dataDir: string): RemoteCommand<'dropped' | 'absent'> {
  return {
    script: DROP_ETCD_SCRIPT,
    args: [dataDir],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output) => {
      if (output.exitCode === RUNS)
        return err(
          problem('k3s-runs', 'The data of etcd stays: K3s runs', {
            nextSteps: ['Somebody has started it meanwhile. Run again: the new plan says what to do about it.'],
          }),
        );
      const answer = /^(dropped|absent)$/m.exec(output.stdout)?.[1];
      return output.exitCode === 0 && answer !== undefined
        ? ok(answer as 'dropped' | 'absent')
        : err(failed('etcd-not-dropped', 'The data of a removed member could not be put aside', output));
    },
  };
}
