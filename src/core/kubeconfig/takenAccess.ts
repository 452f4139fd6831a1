import type { Problem } from '../base/problem';
import { problem } from '../base/problem';
import type { Result } from '../base/result';
import { err, ok } from '../base/result';
import { entriesOf, findEntry, readKubeconfig } from './kubeconfigText';
import { leftOutOf } from './leftOut';
import type { PemKind } from './pem';
import { pemData } from './pem';

/** All that may be taken from a kubeconfig that a host or a repository gives. */
export interface TakenAccess {
  /** Address that the kubeconfig names; its reader decides whether it may be used. */
  readonly server: unknown;
  /** A text, or undefined; anything else is a value that no kubeconfig has. */
  readonly tlsServerName: unknown;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  /** What else it holds, in words ({@link leftOutOf}). */
  readonly leftOut: readonly string[];
}

const CLUSTER_FIELDS = ['server', 'tls-server-name', 'certificate-authority-data'];
const USER_FIELDS = ['client-certificate-data', 'client-key-data'];
/** In characters. K3s writes 3 kB; a text that is longer than this is not even parsed. */
export const MAX_FOREIGN_LENGTH = 1_048_576;

/**
 * The CA, client certificate and client key of the selected context (of the first one when none is selected) of a kubeconfig that
 * somebody else wrote. Nothing else of it can get anywhere: programs, tokens, proxies and paths are only told.
 * Problems: `kubeconfig-unreadable`, `kubeconfig-incomplete`; neither quotes a value.
 */
export function takeAccess(text: string): Result<TakenAccess, Problem> {
  if (text.length > MAX_FOREIGN_LENGTH) {
    return err(
      problem('kubeconfig-unreadable', 'The kubeconfig cannot be read.', {
        why: 'It is larger than 1 MiB, far more than K3s writes.',
        nextSteps: [RESTART],
      }),
    );
  }
  const read = readKubeconfig(text);
  if (!read.ok) return read;
  const { data } = read.value;
  const contexts = entriesOf(data, 'contexts');
  const selected = data['current-context'] ?? '';
  const context = selected === '' ? contexts[0] : contexts.find(({ name }) => name === selected);
  const cluster = findEntry(data, 'clusters', context?.body.cluster);
  const user = findEntry(data, 'users', context?.body.user);
  if (context === undefined || cluster === undefined || user === undefined)
    return incomplete('it has no context with a cluster and a user');
  const faults: string[] = [];
  const take = (fields: typeof cluster, name: string, kind: PemKind): string => {
    const data = pemData(fields[name], kind);
    if (data === undefined)
      faults.push(fields[name] === undefined ? `${name} is missing` : `${name} is not a ${kind} (PEM in base64)`);
    return data ?? '';
  };
  const authority = take(cluster, 'certificate-authority-data', 'certificate');
  const certificate = take(user, 'client-certificate-data', 'certificate');
  const key = take(user, 'client-key-data', 'private key');
  if (faults.length > 0) return incomplete(faults.join(', '));
  const leftOut = leftOutOf(data, {
    clusters: { name: context.body.cluster, fields: CLUSTER_FIELDS },
    contexts: { name: context.name, fields: ['cluster', 'user'] },
    users: { name: context.body.user, fields: USER_FIELDS },
  });
  return ok({
    server: cluster.server,
    tlsServerName: cluster['tls-server-name'],
    authority,
    certificate,
    key,
    leftOut,
  });
}

const RESTART =
  'K3s writes /etc/rancher/k3s/k3s.yaml at each start of a server; restart K3s on the server and try again.';

function incomplete(what: string): Result<never, Problem> {
  return err(problem('kubeconfig-incomplete', `The kubeconfig is incomplete: ${what}.`, { nextSteps: [RESTART] }));
}
