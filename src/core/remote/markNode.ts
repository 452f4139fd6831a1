import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** $1: name of a Node; then `label` or `taint`, each before the text of one. Gives them to the Node, over what it has under their keys. */
export const MARK_NODE_SCRIPT: RemoteScript = {
  id: 'mark-node',
  text: `${HOST_K3S}
name=$1; shift
while [ $# -ge 2 ]; do
  case $1 in
    label|taint) k3s kubectl "$1" node --overwrite --request-timeout=10s -- "$name" "$2" >/dev/null || exit 1 ;;
    *) exit 64 ;;
  esac
  shift 2
done`,
};

/** What a Node is to have: labels as `key=value`, taints as `key=value:Effect`. */
export interface Marks {
  readonly labels: readonly string[];
  readonly taints: readonly string[];
}

/** Gives a Node labels and taints. */
export function markNode(name: string, { labels, taints }: Marks): RemoteCommand<undefined> {
  return {
    script: MARK_NODE_SCRIPT,
    args: [name, ...labels.flatMap((text) => ['label', text]), ...taints.flatMap((text) => ['taint', text])],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('mark-node-failed', `The node ${name} did not get its labels and taints`, output)),
  };
}
