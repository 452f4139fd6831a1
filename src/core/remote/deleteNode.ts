import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: name. Asks for a Node to be deleted and does not wait: a finalizer of K3s holds the Node of a server until its member
 * has left etcd. A name never begins with a dash here.
 */
export const DELETE_NODE_SCRIPT: RemoteScript = {
  id: 'delete-node',
  text: `${HOST_K3S}
k3s kubectl delete "node/$1" --ignore-not-found --wait=false --request-timeout=10s`,
};

/** Has the cluster of this server forget a Node; it may stay for a while. */
export function deleteNode(name: string): RemoteCommand<void> {
  return {
    script: DELETE_NODE_SCRIPT,
    args: [name],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('node-not-deleted', `The Node ${name} could not be deleted`, output)),
  };
}
