import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { CORDON_ANNOTATION } from '../k3s/marks';
import { drainMark } from './drain';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/** What is known of a Node before it is changed: its name, whether it is cordoned, and whether by us. */
const LOOK = String.raw`${HOST_K3S}
seen=$(k3s kubectl get node --ignore-not-found --request-timeout=10s \
  -o 'jsonpath={.metadata.name} {.spec.unschedulable} {.metadata.annotations.${CORDON_ANNOTATION.replaceAll('.', '\\.')}}' -- "$1") || exit 1
if [ -z "$seen" ]; then echo absent; exit 0; fi`;

/**
 * $1: name of a Node. Keeps new pods away from it, and marks it in the same change, so that it is known later whose doing that
 * is. Prints `cordoned`, `foreign` when somebody else had done it, or `absent`.
 */
export const CORDON_SCRIPT: RemoteScript = {
  id: 'cordon',
  text: `${LOOK}
case $seen in
  *' true ') echo foreign; exit 0 ;;
  *' true '*) echo cordoned; exit 0 ;;
esac
k3s kubectl patch node --type=merge --request-timeout=10s \\
  -p '{"metadata":{"annotations":{"${CORDON_ANNOTATION}":"yes"}},"spec":{"unschedulable":true}}' -- "$1" >/dev/null || exit 1
echo cordoned`,
};

/**
 * $1: name of a Node. Lets pods onto it again if they were kept away by us; prints as {@link CORDON_SCRIPT}. A drain of it that was
 * cut off on this host may still go on and would cordon it once more, so that is ended first.
 */
export const UNCORDON_SCRIPT: RemoteScript = {
  id: 'uncordon',
  text: String.raw`mark=${drainMark('$1')}
pid=$(cat "$mark" 2>/dev/null)
if [ -n "$pid" ] && tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -qF -- " $1 "; then
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
fi
rm -f "$mark"
${LOOK}
case $seen in
  *' true ') echo foreign; exit 0 ;;
  *' '*' ') echo cordoned; exit 0 ;;
esac
k3s kubectl patch node --type=merge --request-timeout=10s \
  -p '{"metadata":{"annotations":{"${CORDON_ANNOTATION}":null}},"spec":{"unschedulable":null}}' -- "$1" >/dev/null || exit 1
echo cordoned`,
};

/** Whose doing it is that a Node is cordoned; `absent` when the cluster has no such Node. */
export type Cordon = 'ours' | 'foreign' | 'absent';

/** Keeps new pods away from a Node. */
export function cordonNode(name: string): RemoteCommand<Cordon> {
  return command(CORDON_SCRIPT, name, `The node ${name} could not be cordoned`);
}

/** Lets pods onto a Node again, unless somebody else than us keeps them away. */
export function uncordonNode(name: string): RemoteCommand<Cordon> {
  return command(UNCORDON_SCRIPT, name, `The node ${name} could not be uncordoned`);
}

function command(script: RemoteScript, name: string, message: string): RemoteCommand<Cordon> {
  return {
    script,
    args: [name],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output: RemoteOutput): Result<Cordon, Problem> => {
      if (output.exitCode !== 0) return err(failed(`${script.id}-failed`, message, output));
      switch (output.stdout.trim()) {
        case 'cordoned':
          return ok('ours');
        case 'foreign':
          return ok('foreign');
        case 'absent':
          return ok('absent');
        default:
          return err(problem(`${script.id}-failed`, message, { why: 'The host did not tell what became of it.' }));
      }
    },
  };
}
