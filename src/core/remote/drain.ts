import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/** A drain is asked for in turns, so that it can be told what it waits for, and ended. */
const TURN_SECONDS = 10;

/** Where a host keeps the process that drains a node, while it does. */
export function drainMark(name: string): string {
  return `/run/k3s-ha-drain.${name}`;
}

/**
 * $1: name of a Node; $2: seconds; further ones: options of kubectl drain. It evicts by the API, which knows budgets for
 * disruption, and waits until the pods are gone. https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/
 */
export const DRAIN_SCRIPT: RemoteScript = {
  id: 'drain',
  text: `${HOST_K3S}
name=$1
seconds=$2
shift 2
mark=${drainMark('$name')}
"$k3s_binary" kubectl drain --ignore-daemonsets --timeout="\${seconds}s" "$@" -- "$name" </dev/null &
pid=$!
echo "$pid" > "$mark"
wait "$pid"
status=$?
rm -f "$mark"
exit "$status"`,
};

/** What happens with pods that would lose something. */
export interface DrainOptions {
  /** Pods with data in an emptyDir are evicted, and the data goes. */
  readonly emptyDir: boolean;
  /** Pods that nothing makes anew are deleted. */
  readonly unmanaged: boolean;
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** What a turn of a drain came to. */
export type DrainTurn =
  | { readonly kind: 'drained' }
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'waiting';
      /** Pods that a budget for disruption keeps. */
      readonly kept: readonly PodName[];
      /** Pods that have been told to end and have not. */
      readonly ending: readonly PodName[];
    };

/** Evicts the pods of a Node for so long as one turn takes; DaemonSets' stay. The Node is cordoned. */
export function drainNode(name: string, { emptyDir, unmanaged }: DrainOptions): RemoteCommand<DrainTurn> {
  const args = [...(emptyDir ? ['--delete-emptydir-data'] : []), ...(unmanaged ? ['--force'] : [])];
  return {
    script: DRAIN_SCRIPT,
    args: [name, String(TURN_SECONDS), ...args],
    sudo: true,
    timeoutMs: (TURN_SECONDS + 60) * 1000,
    secrets: [],
    parse: (output) => parseTurn(name, output),
  };
}

function parseTurn(name: string, output: RemoteOutput): Result<DrainTurn, Problem> {
  const { stderr, exitCode } = output;
  if (exitCode === 0) return ok({ kind: 'drained' });
  if (/\(NotFound\): nodes "/.test(stderr)) return ok({ kind: 'absent' });
  const lacking = REFUSALS.flatMap(([pattern, what, nextStep]) => {
    const pods = pattern.exec(stderr)?.[1];
    return pods === undefined ? [] : [{ detail: `${what}: ${pods.trim()}`, nextStep }];
  });
  if (lacking.length > 0) {
    return err(
      problem('drain-refused', `${name} has pods that are not evicted without a word of yours`, {
        why: 'Evicting them would lose something for good.',
        details: lacking.map(({ detail }) => detail),
        nextSteps: lacking.map(({ nextStep }) => nextStep),
      }),
    );
  }
  const kept = podsOf(stderr, /^error when evicting pods\/"([^"]+)" -n "([^"]+)" \(will retry/gm);
  const ending = podsOf(stderr, /error when waiting for pod "([^"]+)" in namespace "([^"]+)" to terminate/g);
  if (kept.length > 0 || ending.length > 0 || /global timeout reached/.test(stderr))
    return ok({ kind: 'waiting', kept, ending: ending.filter((pod) => !kept.some((other) => samePod(pod, other))) });
  return err(failed('drain-failed', `The pods of ${name} could not be evicted`, output));
}

/** Refusals of kubectl as recorded of a real K3s: all of them come at once, each in a line of its own at the end. */
const REFUSALS: readonly (readonly [RegExp, string, string])[] = [
  [
    /^\s*cannot delete Pods that declare no controller[^:]*: (.*)$/m,
    'nothing makes them anew',
    'Delete those pods yourself, or write "unmanagedPods: delete" under k3s.upgrade: they do not come back.',
  ],
  [
    /^\s*cannot delete Pods with local storage[^:]*: (.*)$/m,
    'their emptyDir would go with them',
    'Save what is in them, or write "emptyDir: delete" under k3s.upgrade.',
  ],
];

function podsOf(text: string, pattern: RegExp): readonly PodName[] {
  const found = [...text.matchAll(pattern)].map(([, name = '', namespace = '']) => ({ namespace, name }));
  return found.filter((pod, at) => found.findIndex((other) => samePod(pod, other)) === at);
}

function samePod(a: PodName, b: PodName): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}
