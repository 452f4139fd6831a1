import { say } from '../base/say';
import { formatPath, type Path } from '../base/path';
import type { ProblemText } from './schemaProblem';
import { schemasAt } from './schemaModel';
import type { NodeRole } from '../k3s/nodeRole';
import { isOptionOf, optionFacts, optionMeant } from '../k3s/options';
import { closest } from '../base/suggestion';

/** Why a key cannot stand in the block at `path`, and what is probably meant. */
export function unknownKey(path: Path, key: string, data: unknown): ProblemText {
  const nodes = schemasAt(path, data);
  const title = nodes[0]?.title;
  if (title === 'ServerConfig' || title === 'AgentConfig')
    return unknownOption(key, title === 'ServerConfig' ? 'server' : 'agent');
  const keys = [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
  if (keys.includes('config') && optionFacts(key.replace(/\+$/, '')) !== undefined) {
    return {
      code: 'misplaced-option',
      key,
      part: 'key',
      message: say`"${key}" is an option of K3s; it belongs under ${formatPath([...path, 'config'])}`,
    };
  }
  const meant = closest(key, keys);
  const block = path.length === 0 ? say`a cluster file` : formatPath(path);
  const hint = meant === undefined ? say`. Possible here: ${keys.join(', ')}` : say`; did you mean "${meant}"?`;
  return {
    code: 'unknown-key',
    part: 'key',
    message: say`"${key}" is not a key of ${block}${hint}`,
    ...(meant === undefined ? {} : { key: meant }),
  };
}

/** What is wrong with the options of a readable file the rules say; this is for files that are not readable to their end. */
function unknownOption(key: string, role: NodeRole): ProblemText {
  const bare = key.replace(/\+$/, '');
  const base = optionFacts(bare);
  if (base !== undefined && isOptionOf(role, bare))
    return {
      code: 'unknown-key',
      key: bare,
      part: 'key',
      message: say`"${key}": only lists can be added to with a plus sign; write "${bare}"`,
    };
  if (base !== undefined)
    return {
      code: 'unknown-key',
      part: 'key',
      message: say`"${key}" is an option of ${role === 'server' ? say`agents` : say`servers`}`,
    };
  const meant = optionMeant(role, bare);
  const plus = key.endsWith('+') ? '+' : '';
  return {
    code: 'unknown-key',
    part: 'key',
    message: say`"${key}" is not an option of K3s ${role}s${meant === undefined ? '' : say`; did you mean "${meant}${plus}"?`}`,
    ...(meant === undefined ? {} : { key: meant + plus }),
  };
}

/** A key that a block must have. */
export function missingKey(path: Path, key: string, data: unknown): ProblemText {
  const child = schemasAt([...path, key], data)[0];
  const meaning = child?.description === undefined ? '' : ` ${child.description}`;
  const block =
    path.length === 0 ? say`The file` : typeof path.at(-1) === 'number' ? say`This entry` : formatPath(path);
  return { code: 'missing-key', key, part: 'key', message: say`${block} needs "${key}".${meaning}` };
}
