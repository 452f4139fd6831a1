import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { failed } from './failure';

/** Prints the nodes as JSON, asked through this server's own API server. */
export const NODES_SCRIPT: RemoteScript = {
  id: 'nodes',
  text: `${HOST_K3S}
k3s kubectl get nodes -o json --request-timeout=10s`,
};

/** Prints what this server's /readyz answers. */
export const READYZ_SCRIPT: RemoteScript = {
  id: 'readyz',
  text: `${HOST_K3S}
k3s kubectl get --raw /readyz --request-timeout=10s`,
};

/** Node objects as the API gives them, seen from one server. */
export function listNodes(): RemoteCommand<readonly unknown[]> {
  return {
    script: NODES_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    unshown: true,
    parse: parseNodes,
  };
}

/** Succeeds when the API server on this host is ready, datastore included. */
export function apiReady(): RemoteCommand<void> {
  return {
    script: READYZ_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0 && output.stdout.trim() === 'ok'
        ? ok(undefined)
        : err(failed('api-not-ready', 'The Kubernetes API on this server is not ready', output)),
  };
}

function parseNodes(output: RemoteOutput): Result<readonly unknown[], Problem> {
  if (output.exitCode !== 0) return err(failed('nodes-unreadable', 'The nodes could not be listed', output));
  try {
    const list = JSON.parse(output.stdout) as { items?: unknown };
    if (Array.isArray(list.items)) return ok(list.items);
  } catch {
    // falls through: not JSON
  }
  return err(problem('nodes-unreadable', 'kubectl on the host did not answer with a list of nodes'));
}
