import { err, ok, type Result } from '../../core/base/result';
import { caHash, type K3sCluster } from './cluster';

/** A cluster token taken apart. A short token is all password. */
export interface Token {
  readonly hash?: string;
  readonly user?: string;
  readonly password: string;
}

/** Reads a token; the error is K3s's text. */
export function parseToken(text: string): Result<Token, string> {
  const token = text.trim();
  if (token === '') return err('token must not be empty');
  if (!token.startsWith('K10') || !token.includes('::')) return ok({ password: token });
  const match = /^K10([^:]*)::(?:([^:]+):)?(.+)$/.exec(token);
  if (match === null) return err('invalid token format');
  const [, hash = '', user, password = ''] = match;
  if (hash.length !== 64) return err('invalid token CA hash length');
  return ok({ hash, ...(user === undefined ? {} : { user }), password });
}

/** A token with another password. */
export const NOT_AUTHORIZED = 'not authorized';

/** Checks a joining node's token against the cluster; gives the refusal in K3s's words. */
export function tokenProblem(cluster: K3sCluster, token: Token, role: 'server' | 'agent'): string | undefined {
  const hash = caHash(cluster);
  if (token.hash !== undefined && token.hash !== hash)
    return `token CA hash does not match the Cluster CA certificate hash: ${token.hash} != ${hash}`;
  const right =
    role === 'server'
      ? token.password === cluster.password
      : token.password === cluster.agentPassword || token.password === cluster.password;
  if (!right) return NOT_AUTHORIZED;
  if (role === 'server' && token.user === 'node') return 'forbidden';
  return undefined;
}
