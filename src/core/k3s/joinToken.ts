import { say } from '../base/say';

/** What a bootstrap token looks like: six characters, a dot, sixteen. */
const BOOTSTRAP_TOKEN = /^[a-z0-9]{6}\.[a-z0-9]{16}$/;

/** Hex sha256 of a cluster's certificate authority, as K3s puts it into its tokens; nothing else is taken for one. */
export function caHashIn(text: string): string | undefined {
  return /^[0-9a-f]{64}$/.exec(text.trim())?.[0];
}

/**
 * The full form of a short token: a node that has it checks the authority of the server that it meets before it says the
 * password. A full token stays as it is. Bootstrap tokens name no user. https://docs.k3s.io/cli/token#secure
 */
export function fullToken(token: string, caHash: string, user: 'server' | 'node'): string {
  const password = token.trim();
  if (password === '' || password.startsWith('K10')) return token;
  return `K10${caHash}::${BOOTSTRAP_TOKEN.test(password) ? '' : `${user}:`}${password}`;
}

/**
 * Why servers cannot have this password in their token, after "it"; undefined when they can. A rotation to one of these leaves
 * the cluster half done. https://github.com/k3s-io/k3s/issues/13004
 */
export function serverTokenFault(password: string): string | undefined {
  if (BOOTSTRAP_TOKEN.test(password))
    return say`has the form of a bootstrap token, with which only agents join ("k3s token generate" makes such ones)`;
  if (password.includes('::')) return say`has "::" in it, which K3s takes for the end of a hash`;
  return /\s/.test(password) ? say`has blanks in it` : undefined;
}

/** The password in a token, short or full. https://docs.k3s.io/cli/token#token-format */
export function tokenPassword(token: string): string {
  return token
    .trim()
    .replace(/^K10[0-9a-f]*::/, '')
    .replace(/^(?:server|node):/, '');
}

/** What K3s keeps as `server/token`: one full token and nothing beside it. */
export function isKeptToken(text: string): boolean {
  return /^K10[0-9a-f]{64}::[^\r\n]+$/.test(text.trim());
}

/** The hash in a full token; undefined for a short one. */
export function tokenCaHash(token: string): string | undefined {
  return /^K10([0-9a-f]+)::/.exec(token.trim())?.[1];
}
