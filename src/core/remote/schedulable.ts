import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { CORDON_ANNOTATION } from '../k3s/marks';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: name of a Node; $2: `yes` or `no`. Lets pods onto it or keeps new ones away because a person wants that: the mark of a run of ours
 * goes with the same change, so that no run uncordons it. Prints what it was before: `yes`, `no` or `absent`.
 */
export const SET_SCHEDULABLE_SCRIPT: RemoteScript = {
  id: 'set-schedulable',
  text: `${HOST_K3S}
seen=$(k3s kubectl get node --ignore-not-found --request-timeout=10s -o 'jsonpath={.metadata.name} {.spec.unschedulable}' -- "$1") || exit 1
if [ -z "$seen" ]; then echo absent; exit 0; fi
if [ "$2" = yes ]; then unschedulable=null; else unschedulable=true; fi
k3s kubectl patch node --type=merge --request-timeout=10s \\
  -p '{"metadata":{"annotations":{"${CORDON_ANNOTATION}":null}},"spec":{"unschedulable":'"$unschedulable"'}}' -- "$1" >/dev/null || exit 1
case $seen in *' true') echo no ;; *) echo yes ;; esac`,
};

/** What a Node was before. */
export type Schedulable = 'yes' | 'no' | 'absent';

/** Lets pods onto a Node, or keeps new ones away, until somebody says otherwise. */
export function setSchedulable(name: string, on: boolean): RemoteCommand<Schedulable> {
  const message = `The node ${name} could not be ${on ? 'uncordoned' : 'cordoned'}`;
  return {
    script: SET_SCHEDULABLE_SCRIPT,
    args: [name, on ? 'yes' : 'no'],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output): Result<Schedulable, Problem> => {
      if (output.exitCode !== 0) return err(failed('schedulable-failed', message, output));
      const said = output.stdout.trim();
      if (said === 'yes' || said === 'no' || said === 'absent') return ok(said);
      return err(problem('schedulable-failed', message, { why: 'The host did not tell what became of it.' }));
    },
  };
}
