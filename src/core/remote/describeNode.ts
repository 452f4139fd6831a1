import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** $1: name of a Node. Prints what kubectl tells of it: conditions, pods on it, what they have asked for, and its last events. */
export const DESCRIBE_NODE_SCRIPT: RemoteScript = {
  id: 'describe-node',
  text: `${HOST_K3S}
k3s kubectl describe node --request-timeout=20s -- "$1"`,
};

/** All that the cluster tells of a Node, as text for people. */
export function describeNode(name: string): RemoteCommand<string> {
  return {
    script: DESCRIBE_NODE_SCRIPT,
    args: [name],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(output.stdout)
        : err(failed('node-undescribed', `The cluster does not tell of the node ${name}`, output)),
  };
}
