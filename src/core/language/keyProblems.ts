import { formatPath, type Path } from '../base/path';
import type { ProblemText } from './schemaProblem';
import { K3S_OPTIONS, schemasAt, type SchemaNode } from './schemaModel';
import { closest } from './suggestion';

/** Why a key cannot stand in the block at `path`, and what is probably meant. */
export function unknownKey(path: Path, key: string, data: unknown): ProblemText {
  const nodes = schemasAt(path, data);
  const title = nodes[0]?.title;
  if (title === 'ServerConfig' || title === 'AgentConfig') return unknownOption(key, title === 'ServerConfig' ? 'server' : 'agent');
  const keys = [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
  if (keys.includes('config') && optionNamed(key) !== undefined) {
    return { code: 'misplaced-option', key, part: 'key', message: `"${key}" is an option of K3s; it belongs under ${formatPath([...path, 'config'])}` };
  }
  const meant = closest(key, keys);
  const block = path.length === 0 ? 'a cluster file' : formatPath(path);
  const hint = meant === undefined ? `. Possible here: ${keys.join(', ')}` : `; did you mean "${meant}"?`;
  return { code: 'unknown-key', part: 'key', message: `"${key}" is not a key of ${block}${hint}`, ...(meant === undefined ? {} : { key: meant }) };
}

function unknownOption(key: string, role: 'server' | 'agent'): ProblemText {
  const option = optionNamed(key);
  if (option !== undefined && key.endsWith('+')) {
    const base = key.slice(0, -1);
    const roleOfBase = option['x-k3s']?.role;
    if (roleOfBase === 'both' || roleOfBase === role) return { code: 'unknown-key', key: base, part: 'key', message: `"${key}": only lists can be added to with a plus sign; write "${base}"` };
  }
  if (option !== undefined && role === 'agent') {
    return { code: 'server-option-on-agent', key, part: 'key', message: `"${key}" is an option of servers. A K3s agent stops at keys that it does not know: "flag provided but not defined: -${key.replace(/\+$/, '')}". Move it to servers.config` };
  }
  if (option !== undefined) {
    return { code: 'unknown-key', severity: 'warning', part: 'key', message: `"${key}" is an option of agents; servers skip it. Move it to agents.config` };
  }
  const names = Object.entries(K3S_OPTIONS).filter(([, node]) => isFor(node, role)).map(([name]) => name);
  const plus = key.endsWith('+') ? '+' : '';
  const bare = plus === '' ? key : key.slice(0, -1);
  const alias = names.find((name) => K3S_OPTIONS[name]?.['x-k3s']?.aliases?.includes(bare));
  const meant = alias ?? closest(bare, names);
  const effect = role === 'server' ? 'K3s servers skip keys that they do not know' : 'K3s agents stop at keys that they do not know';
  const hint = meant === undefined ? '' : `; did you mean "${meant}${plus}"?`;
  return {
    code: 'unknown-key',
    severity: role === 'server' && meant === undefined ? 'warning' : 'error',
    part: 'key',
    message: `"${key}" is not an option of K3s ${role}s${hint}${hint === '' ? '. ' : ' '}${effect}`,
    ...(meant === undefined ? {} : { key: meant + plus }),
  };
}

function optionNamed(key: string): SchemaNode | undefined {
  const name = key.replace(/\+$/, '');
  return Object.hasOwn(K3S_OPTIONS, name) ? K3S_OPTIONS[name] : undefined;
}

function isFor(node: SchemaNode, role: 'server' | 'agent'): boolean {
  const own = node['x-k3s']?.role;
  return own === 'both' || own === role;
}

/** A key that a block must have. */
export function missingKey(path: Path, key: string, data: unknown): ProblemText {
  const child = schemasAt([...path, key], data)[0];
  const meaning = child?.description === undefined ? '' : ` ${child.description}`;
  const block = path.length === 0 ? 'The file' : typeof path.at(-1) === 'number' ? 'This entry' : formatPath(path);
  return { code: 'missing-key', key, part: 'key', message: `${block} needs "${key}".${meaning}` };
}
