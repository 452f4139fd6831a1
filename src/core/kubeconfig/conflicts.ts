import type { Problem } from '../base/problem';
import type { Result } from '../base/result';
import { ok } from '../base/result';
import type { Fields } from './fields';
import type { ListName } from './kubeconfigText';
import { entriesOf, findEntry, readKubeconfig, sameData } from './kubeconfigText';
import type { PreparedKubeconfig } from './prepare';

/** An entry of the user's file that has the name we need but belongs to something else. */
interface NameConflict {
  readonly list: ListName;
  readonly name: string;
  /** What stands there now, as a sentence for the question "overwrite or keep both?". */
  readonly reason: string;
}

/**
 * Names of `prepared` that `existing` already uses for another cluster. Empty when the names are free or belong to
 * the same cluster (same CA), whose entries a merge then refreshes.
 */
export function conflicts(
  existing: string | undefined,
  prepared: PreparedKubeconfig,
): Result<readonly NameConflict[], Problem> {
  const read = readKubeconfig(existing ?? '');
  return read.ok ? ok(conflictsIn(read.value.data, prepared)) : read;
}

/** {@link conflicts} on a file that was read already. */
export function conflictsIn(data: Fields, prepared: PreparedKubeconfig): readonly NameConflict[] {
  const found: NameConflict[] = [];
  const add = (list: ListName, reason: string | undefined): void => {
    if (reason !== undefined) found.push({ list, name: prepared.name, reason });
  };
  add('clusters', clusterReason(data, prepared));
  add('contexts', contextReason(data, prepared));
  add('users', userReason(data, prepared));
  return found;
}

/** True when the names are free or belong to the same cluster: {@link conflictsIn} finds nothing. */
export function isFree(data: Fields, prepared: PreparedKubeconfig): boolean {
  return (clusterReason(data, prepared) ?? contextReason(data, prepared) ?? userReason(data, prepared)) === undefined;
}

/**
 * Whether all that has the names of `prepared` leads to its very address, with whatever CA: an earlier installation, or
 * another cluster on an equal network.
 */
export function isAtSameAddress(existing: string | undefined, prepared: PreparedKubeconfig): boolean {
  const read = readKubeconfig(existing ?? '');
  if (!read.ok) return false;
  const { data } = read.value;
  const leadsThere = (cluster: unknown): boolean => findEntry(data, 'clusters', cluster)?.server === prepared.server;
  return (
    leadsThere(prepared.name) &&
    entriesOf(data, 'contexts')
      .filter(({ name, body }) => name === prepared.name || body.user === prepared.name)
      .every(({ body }) => leadsThere(body.cluster))
  );
}

function clusterReason(data: Fields, prepared: PreparedKubeconfig): string | undefined {
  const old = findEntry(data, 'clusters', prepared.name);
  if (old === undefined || isSameCluster(old, prepared)) return undefined;
  return old.server === prepared.server
    ? `Cluster "${prepared.name}" has the same address ${prepared.server} but another CA: it was installed anew, or it is a different cluster on an equal network.`
    : `Cluster "${prepared.name}" is another cluster at ${addressOf(old)}.`;
}

function contextReason(data: Fields, prepared: PreparedKubeconfig): string | undefined {
  const old = findEntry(data, 'contexts', prepared.name);
  if (old === undefined) return undefined;
  const target = findEntry(data, 'clusters', old.cluster);
  if (target === undefined || isSameCluster(target, prepared)) return undefined;
  return `Context "${prepared.name}" leads to cluster "${String(old.cluster)}" at ${addressOf(target)}.`;
}

function userReason(data: Fields, prepared: PreparedKubeconfig): string | undefined {
  const old = findEntry(data, 'users', prepared.name);
  if (old === undefined || sameData(old, prepared.user)) return undefined;
  const strangers = entriesOf(data, 'contexts').filter(({ body }) => {
    const cluster = body.user === prepared.name ? findEntry(data, 'clusters', body.cluster) : undefined;
    return cluster !== undefined && !isSameCluster(cluster, prepared);
  });
  if (strangers.length > 0)
    return `User "${prepared.name}" is used by context ${strangers.map(({ name }) => `"${name}"`).join(', ')} for another cluster.`;
  const own = SIGN_INS.find(([key]) => old[key] !== undefined);
  if (own !== undefined && prepared.user[own[0]] === undefined)
    return `User "${prepared.name}" signs in with ${own[1]}.`;
  const ownContext = entriesOf(data, 'contexts').some(({ body }) => body.user === prepared.name);
  return ownContext || findEntry(data, 'clusters', prepared.name) !== undefined
    ? undefined
    : `User "${prepared.name}" has other credentials and no context uses it.`;
}

/** Ways to sign in that somebody set up on purpose; a refreshed admin certificate must not replace them unasked. */
const SIGN_INS = [
  ['exec', 'an external command (exec)'],
  ['auth-provider', 'an auth provider'],
  ['token', 'a token'],
  ['tokenFile', 'a token file'],
  ['username', 'a user name and password'],
] as const;

/** The CA makes a cluster's identity; addresses move, and only without CA data they have to do. */
export function isSameCluster(old: Fields, prepared: PreparedKubeconfig): boolean {
  const [was, is] = [old['certificate-authority-data'], prepared.cluster['certificate-authority-data']];
  return was === undefined || is === undefined ? old.server === prepared.server : was === is;
}

function addressOf(cluster: Fields): string {
  return typeof cluster.server === 'string' ? cluster.server : 'an unknown address';
}
