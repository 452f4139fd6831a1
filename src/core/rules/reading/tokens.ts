import type { Path } from '../../base/path';
import type { Cluster, ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { tokenForAll } from './datastore';
import { execArguments } from './installer';
import { optionPaths } from './places';
import { valueAt } from './read';
import { slug } from '../../base/names';
import { writtenText } from '../../cluster/written';

/** The nodes that the file gives no token in any way. */
export function withoutToken(cluster: Cluster, nodes: readonly ClusterNode[]): readonly ClusterNode[] {
  if (tokenForAll(cluster)) return [];
  return nodes.filter(
    (node) => writtenText(node, 'token') === undefined && writtenText(node, 'token-file') === undefined,
  );
}

/** The token a server starts with, as written; undefined when it comes from a file on the host, from an argument or from nowhere. */
export function serverToken(cluster: Cluster, server: ClusterNode): string | undefined {
  // K3s prefers the file: https://docs.k3s.io/cli/server
  if (writtenText(server, 'token-file') !== undefined || execArguments(cluster, ['token', 'token-file']).length > 0)
    return undefined;
  return writtenText(server, 'token') ?? cluster.token ?? cluster.k3s.install.env['K3S_TOKEN'];
}

/** Where the token that a server starts with is written. */
export function tokenPath(context: RuleContext, server: ClusterNode): Path | undefined {
  const [own] = optionPaths(context, server, 'token');
  if (own !== undefined) return own;
  return [['token'], ['k3s', 'install', 'env', 'K3S_TOKEN']].find(
    (path) => valueAt(context.document.data, path) !== undefined,
  );
}

/** The reference under which a new token would be kept: the cluster's, or one for agents only. */
export function newTokenReference(cluster: Cluster, kind: 'token' | 'agent-token' = 'token'): string {
  return `\${secret:${slug(cluster.name) || 'cluster'}-${kind}}`;
}

/** The password of a token: K10 forms carry the hash of the cluster's CA in front. https://docs.k3s.io/cli/token */
export function tokenPassword(token: string): string {
  return /^K10[^:]*::[^:]*:(.*)$/s.exec(token)?.[1] ?? token;
}
