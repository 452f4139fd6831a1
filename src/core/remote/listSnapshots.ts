import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/** Prints, through this server's own API server, what K3s knows of all snapshots of the cluster; `etcd-snapshot ls` tells those of its own host only. */
export const LIST_SNAPSHOTS_SCRIPT: RemoteScript = {
  id: 'list-snapshots',
  text: `${HOST_K3S}
k3s kubectl get etcdsnapshotfiles.k3s.cattle.io -o json --request-timeout=20s`,
};

/** A snapshot in one of its places, as K3s knows it. */
export interface SnapshotObject {
  readonly name: string;
  /** Name of the node on whose disk it is, or `s3`. */
  readonly node: string;
  /** `file://…` or `s3://…`; empty for one that failed. */
  readonly location: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Names the token of that time. */
  readonly tokenHash?: string;
}

/** What K3s knows of the snapshots of the cluster. */
export function listSnapshots(): RemoteCommand<readonly SnapshotObject[]> {
  return { script: LIST_SNAPSHOTS_SCRIPT, args: [], sudo: true, timeoutMs: 60_000, secrets: [], parse };
}

function parse(output: RemoteOutput): Result<readonly SnapshotObject[], Problem> {
  if (output.exitCode !== 0)
    return err(failed('snapshots-unreadable', 'K3s does not tell which snapshots there are', output));
  try {
    const { items } = JSON.parse(output.stdout) as { readonly items?: unknown };
    if (Array.isArray(items)) return ok(items.flatMap(read));
  } catch {
    // falls through: not JSON
  }
  return err(problem('snapshots-unreadable', 'kubectl on the host did not answer with a list of snapshots'));
}

interface Item {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, unknown>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

function read(item: unknown): readonly SnapshotObject[] {
  const { metadata, spec = {}, status = {} } = (typeof item === 'object' && item !== null ? item : {}) as Item;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const [name, node, location] = [spec['snapshotName'], spec['nodeName'], spec['location']].map(text);
  if (name === undefined || name === '' || node === undefined || location === undefined) return [];
  const tokenHash = text(metadata?.annotations?.['etcd.k3s.cattle.io/snapshot-token-hash']);
  return [
    {
      name,
      node,
      location,
      size: Number(status['size'] ?? 0) || 0,
      created: Date.parse(text(status['creationTime'])) || 0,
      ...(tokenHash === '' ? {} : { tokenHash }),
    },
  ];
}
