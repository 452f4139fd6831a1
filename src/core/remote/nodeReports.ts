import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * Prints this server's time (seconds since 1970), then when each kubelet last renewed its lease, which it does every ten
 * seconds. https://kubernetes.io/docs/concepts/architecture/leases/#node-heart-beats
 */
export const NODE_REPORTS_SCRIPT: RemoteScript = {
  id: 'node-reports',
  text: `${HOST_K3S}
date +%s
k3s kubectl get leases --namespace kube-node-lease --no-headers --request-timeout=10s \\
  -o custom-columns=NODE:.metadata.name,RENEWED:.spec.renewTime`,
};

/** When kubelets reported, in milliseconds since 1970. */
export interface NodeReports {
  /** The time of the server that was asked. */
  readonly now: number;
  /** By the name of the node, by its own clock; one that never reported has none. */
  readonly last: ReadonlyMap<string, number>;
}

/** The last report of each kubelet, seen from one server. */
export function nodeReports(): RemoteCommand<NodeReports> {
  return {
    script: NODE_REPORTS_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    unshown: true,
    parse: parseReports,
  };
}

function parseReports(output: RemoteOutput): Result<NodeReports, Problem> {
  if (output.exitCode !== 0)
    return err(failed('reports-unreadable', 'The last reports of the nodes could not be read', output));
  const [time = '', ...lines] = output.stdout.split('\n');
  if (!/^\d+$/.test(time)) return err(problem('reports-unreadable', 'The host did not tell its time'));
  const last = lines.flatMap((line): [string, number][] => {
    const [name = '', renewed = ''] = line.trim().split(/\s+/);
    const at = Date.parse(renewed);
    return Number.isNaN(at) ? [] : [[name, at]];
  });
  return ok({ now: Number(time) * 1000, last: new Map(last) });
}
