import type { Path } from '../../base/path';
import { isLiteralSecret } from '../../cluster/references';
import type { RuleContext } from '../rule';
import { isFilledIn } from './blanks';
import { writtenOptions } from './places';
import { valueAt } from './read';
import { tokenPath } from './tokens';
import { variablePath } from '../../cluster/options';
import { scalarText } from '../../cluster/configValue';

interface WrittenToken {
  readonly path: Path;
  readonly token: string;
  /** Whether a server founds the cluster with it. */
  readonly founds: boolean;
  /** For agents only. */
  readonly ofAgents: boolean;
}

/** The tokens as written, references among them. */
export function writtenTokens(context: RuleContext): readonly WrittenToken[] {
  const { data } = context.document;
  const [first] = context.cluster.servers;
  const at = (path: Path, written: unknown, founds: boolean, ofAgents: boolean): WrittenToken[] => {
    const token = scalarText(written);
    return token === undefined ? [] : [{ path, token, founds, ofAgents }];
  };
  const outside = [['token'], variablePath('K3S_TOKEN')].flatMap((path) =>
    at(path, valueAt(data, path), first !== undefined && tokenPath(context, first)?.join() === path.join(), false),
  );
  const options = writtenOptions(context).flatMap(({ name, path, value, role, nodes }) => {
    if (name !== 'token' && name !== 'agent-token') return [];
    return at(
      path,
      value,
      name === 'token' && first !== undefined && nodes.includes(first),
      name === 'agent-token' || role === 'agent',
    );
  });
  const ofAgents = variablePath('K3S_AGENT_TOKEN');
  return [...outside, ...at(ofAgents, valueAt(data, ofAgents), false, true), ...options];
}

/** The tokens that are written out; of references only the name is known. */
export function literalTokens(context: RuleContext): readonly WrittenToken[] {
  return writtenTokens(context).filter(({ token }) => isLiteralSecret(token) && isFilledIn(token, 'token'));
}
