import type { Path } from '../../base/path';
import { isLiteralSecret } from '../../spec/references';
import type { RuleContext } from '../rule';
import { writtenOptions } from '../support/places';
import { scalarText, valueAt } from '../support/read';

export interface LiteralToken {
  readonly path: Path;
  readonly token: string;
  /** The token of the cluster, not one for agents only. */
  readonly ofServers: boolean;
}

/** The tokens that are written out; of references only the name is known. */
export function literalTokens(context: RuleContext): readonly LiteralToken[] {
  const at = (path: Path, written: unknown, ofServers: boolean): LiteralToken[] => {
    const token = scalarText(written);
    return token === undefined || !isLiteralSecret(token) ? [] : [{ path, token, ofServers }];
  };
  const { data } = context.document;
  const variables = ['K3S_TOKEN', 'K3S_AGENT_TOKEN'].flatMap((name) => at(['k3s', 'install', 'env', name], valueAt(data, ['k3s', 'install', 'env', name]), name === 'K3S_TOKEN'));
  const options = writtenOptions(context).filter(({ name }) => name === 'token' || name === 'agent-token').flatMap(({ path, value, name, role }) => at(path, value, name === 'token' && role === 'server'));
  return [...at(['token'], valueAt(data, ['token']), true), ...variables, ...options];
}
