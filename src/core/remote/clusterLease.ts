import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/** Where the lease of operators is, beside those of K3s's own controllers. */
export const CLUSTER_LEASE = { namespace: 'kube-system', name: 'k3s-ha' } as const;

/** Prints this server's time (seconds since 1970), then the lease as JSON; nothing when there is none. */
export const READ_CLUSTER_LEASE_SCRIPT: RemoteScript = {
  id: 'read-cluster-lease',
  text: `${HOST_K3S}
date +%s
k3s kubectl get lease k3s-ha --namespace kube-system -o json --ignore-not-found --request-timeout=10s`,
};

/**
 * $1: create or replace; standard input: the lease. A lease with a resourceVersion replaces only that very version.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export const WRITE_CLUSTER_LEASE_SCRIPT: RemoteScript = {
  id: 'write-cluster-lease',
  text: `${HOST_K3S}
k3s kubectl "$1" -f - -o json --validate=false --request-timeout=10s`,
};

/** The lease of operators in the cluster; times in milliseconds since 1970, by the clock of the server that was asked. */
export interface ClusterLease {
  /** Who holds it, with their run; empty when it was given back. */
  readonly holder: string;
  readonly since: number;
  readonly renewed: number;
  /** It counts as ended when it was not renewed for so long. */
  readonly seconds: number;
}

export interface ClusterLeaseView {
  /** The server's own time. */
  readonly now: number;
  readonly lease?: ClusterLease & { readonly version: string };
}

export function readClusterLease(): RemoteCommand<ClusterLeaseView> {
  return {
    script: READ_CLUSTER_LEASE_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: parseView,
  };
}

/**
 * Writes the lease over the version that was read, or as a new one. Gives the version that it has then; undefined when
 * somebody else was faster, so that nothing was written.
 */
export function writeClusterLease(lease: ClusterLease, over?: string): RemoteCommand<string | undefined> {
  const manifest = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...CLUSTER_LEASE, ...(over === undefined ? {} : { resourceVersion: over }) },
    spec: {
      holderIdentity: lease.holder,
      leaseDurationSeconds: lease.seconds,
      acquireTime: microTime(lease.since),
      renewTime: microTime(lease.renewed),
    },
  };
  return {
    script: WRITE_CLUSTER_LEASE_SCRIPT,
    args: [over === undefined ? 'create' : 'replace'],
    stdin: JSON.stringify(manifest),
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: parseWritten,
  };
}

function parseView(output: RemoteOutput): Result<ClusterLeaseView, Problem> {
  if (output.exitCode !== 0)
    return err(failed('cluster-lease-failed', 'The lease in the cluster was not read', output));
  const [time = '', ...lines] = output.stdout.split('\n');
  const now = Number(time) * 1000;
  const text = lines.join('\n').trim();
  if (/^\d+$/.test(time) && text === '') return ok({ now });
  const lease = parseLease(text);
  if (!/^\d+$/.test(time) || lease === undefined)
    return err(problem('cluster-lease-failed', 'kubectl on the host did not answer with a lease'));
  return ok({ now, lease });
}

function parseWritten(output: RemoteOutput): Result<string | undefined, Problem> {
  if (/\((?:Conflict|AlreadyExists|NotFound)\)/.test(output.stderr)) return ok(undefined);
  const version = output.exitCode === 0 ? parseLease(output.stdout)?.version : undefined;
  return version === undefined
    ? err(failed('cluster-lease-failed', 'The lease in the cluster was not written', output))
    : ok(version);
}

/** Anybody may have written it: what is missing or of another type counts as not said. */
function parseLease(text: string): ClusterLeaseView['lease'] {
  try {
    const { metadata, spec } = JSON.parse(text) as Record<'metadata' | 'spec', Record<string, unknown> | undefined>;
    const version = metadata?.['resourceVersion'];
    if (typeof version !== 'string') return undefined;
    const [holder, seconds] = [spec?.['holderIdentity'], spec?.['leaseDurationSeconds']];
    return {
      version,
      holder: typeof holder === 'string' ? holder : '',
      since: milliseconds(spec?.['acquireTime']),
      renewed: milliseconds(spec?.['renewTime']),
      seconds: typeof seconds === 'number' ? seconds : 0,
    };
  } catch {
    return undefined;
  }
}

function milliseconds(time: unknown): number {
  return (typeof time === 'string' ? Date.parse(time) : 0) || 0;
}

/** Kubernetes wants exactly six digits of the second here. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
