import { parseExactJson } from '../base/exactJson';
import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { ASK, parseAnswers } from './curl';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * $1: K3s data-dir of a server with etcd, $2: revision, or 0 for the present one. Asks etcd on this server for the hash of all
 * that it has at that revision. https://etcd.io/docs/v3.6/dev-guide/api_reference_v3/
 */
export const ETCD_HASH_SCRIPT: RemoteScript = {
  id: 'etcd-hash',
  text: `${ASK}
tls=$1/server/tls/etcd
ask hash --cacert "$tls/server-ca.crt" --cert "$tls/client.crt" --key "$tls/client.key" -d "{\\"revision\\":\\"$2\\"}" https://127.0.0.1:2382/v3/maintenance/hashkv
exit 0`,
};

/** Prints when the namespace kube-system was made: the first thing that a cluster has, and none in an empty one is older than that. */
export const CLUSTER_AGE_SCRIPT: RemoteScript = {
  id: 'cluster-age',
  text: `${HOST_K3S}
k3s kubectl get namespace kube-system -o 'jsonpath={.metadata.creationTimestamp}' --request-timeout=10s`,
};

/** What a member has at a revision. */
export interface EtcdHash {
  readonly hash: string;
  readonly revision: string;
}

/** The hash of what a member has; of the present revision without one. */
export function etcdHash(dataDir: string, revision = '0'): RemoteCommand<EtcdHash> {
  return {
    script: ETCD_HASH_SCRIPT,
    args: [dataDir, revision],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: parseHash,
  };
}

function parseHash(output: RemoteOutput): Result<EtcdHash, Problem> {
  const answers = parseAnswers(output, 'etcd');
  if (!answers.ok) return answers;
  const { status = 0, body = '' } = answers.value.get('hash') ?? {};
  const value = parseExactJson(body) as
    | { readonly hash?: unknown; readonly hash_revision?: unknown; readonly header?: { readonly revision?: unknown } }
    | undefined;
  const [hash, revision] = [value?.hash, value?.hash_revision ?? value?.header?.revision].map((part) =>
    typeof part === 'string' || typeof part === 'number' ? String(part) : undefined,
  );
  if (status === 200 && hash !== undefined && revision !== undefined) return ok({ hash, revision });
  return err(
    problem('etcd-hash-missing', 'etcd does not tell the hash of what it has', { why: body.split('\n')[0] ?? '' }),
  );
}

/** When the cluster was made, in milliseconds since 1970. */
export function clusterAge(): RemoteCommand<number> {
  return {
    script: CLUSTER_AGE_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) => {
      const time = Date.parse(output.stdout.trim());
      return output.exitCode === 0 && !Number.isNaN(time)
        ? ok(time)
        : err(failed('cluster-age-unknown', 'The API does not tell how old the cluster is', output));
    },
  };
}
