import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: name of this server, then names of nodes. Deletes these nodes without waiting for their finalizers, and the passwords of
 * all of them: K3s refuses a new machine that has the name of an old one as long as the password of that one is kept. The one
 * of this server it checks by its own file and makes anew. https://docs.k3s.io/architecture#how-agent-node-registration-works
 */
export const FORGET_NODES_SCRIPT: RemoteScript = {
  id: 'forget-nodes',
  text: `${HOST_K3S}
own=$1
shift
for name in "$@"; do
  k3s kubectl delete "node/$name" --ignore-not-found --wait=false --request-timeout=10s || exit 1
done
for name in "$own" "$@"; do
  k3s kubectl delete "secret/$name.node-password.k3s" --namespace kube-system --ignore-not-found --request-timeout=10s || exit 1
done`,
};

/** Has a cluster forget nodes whose machines are gone; they may stay for a while. */
export function forgetNodes(own: string, names: readonly string[]): RemoteCommand<void> {
  return {
    script: FORGET_NODES_SCRIPT,
    args: [own, ...names],
    sudo: true,
    timeoutMs: 30_000 + names.length * 2000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('nodes-not-forgotten', 'The cluster could not be made to forget its former machines', output)),
  };
}
