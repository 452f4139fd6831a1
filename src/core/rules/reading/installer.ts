import type { TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry, setValue } from '../../document/edit';
import type { Cluster } from '../../cluster/cluster';
import { variablePath } from '../../cluster/options';
import { isMap, valueAt } from './read';
import { scalarText } from '../../cluster/configValue';

/** Where extra arguments for K3s are written. */
export const EXEC_PATH = variablePath('INSTALL_K3S_EXEC');

/** Whether one of the variables is set for the install script, which hands `K3S_*` on to K3s on every machine. */
export function hasVariable(cluster: Cluster, ...names: readonly string[]): boolean {
  return names.some((name) => (cluster.k3s.install.env[name] ?? '') !== '');
}

/** An option in INSTALL_K3S_EXEC. */
interface ExecArgument {
  readonly option: string;
  /** Its value without quotes; empty for a switch. */
  readonly text: string;
  /** The argument as it stands there. */
  readonly written: string;
}

/** These options as far as INSTALL_K3S_EXEC holds them; `-t` is K3s's short form of `--token`. */
export function execArguments(cluster: Cluster, options: readonly string[]): readonly ExecArgument[] {
  const exec = cluster.k3s.install.env['INSTALL_K3S_EXEC'] ?? '';
  if (!exec.includes('-')) return [];
  const names = [...options.map((option) => `--${option}`), ...(options.includes('token') ? ['-t'] : [])];
  const pattern = new RegExp(
    `(?<=^|\\s)(${names.join('|')})(?:(?:=|\\s+)("[^"]*"|'[^']*'|[^\\s"'-][^\\s"']*))?(?=\\s|$)`,
    'g',
  );
  return [...exec.matchAll(pattern)].map(([written, name = '', text = '']) => ({
    option: name === '-t' ? 'token' : name.slice(2),
    text: text.replace(/^(["'])(.*)\1$/, '$2'),
    written,
  }));
}

/** Takes arguments out of INSTALL_K3S_EXEC, and the variable with them when nothing else stands there. */
export function removeArguments(document: ClusterDocument, written: readonly string[]): readonly TextEdit[] {
  const exec = scalarText(valueAt(document.data, EXEC_PATH)) ?? '';
  const rest = written
    .reduce((text, argument) => text.replace(argument, ''), exec)
    .replace(/\s+/g, ' ')
    .trim();
  return rest === '' ? removeVariable(document, 'INSTALL_K3S_EXEC') : setValue(document, EXEC_PATH, rest);
}

/** Removes a variable of the install script, and the blocks around it that would be left empty. */
export function removeVariable(document: ClusterDocument, name: string): readonly TextEdit[] {
  let path = variablePath(name);
  while (path.length > 2) {
    const block = valueAt(document.data, path.slice(0, -1));
    if (!isMap(block) || Object.keys(block).length > 1) break;
    path = path.slice(0, -1);
  }
  return removeEntry(document, path);
}
