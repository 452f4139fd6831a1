import type { PreparedKubeconfig } from './prepare';
import { findEntry, LIST_NAMES, readKubeconfig } from './kubeconfigText';

/**
 * The kubeconfig files that kubectl reads, first one first: `$KUBECONFIG`, else `~/.kube/config`.
 * `delimiter` is the path list separator of the system (`:` or `;`), `home` the home folder.
 */
export function targets(kubeconfigEnv: string | undefined, delimiter: string, home: string): readonly string[] {
  const listed = [...new Set((kubeconfigEnv ?? '').split(delimiter).filter((path) => path !== ''))];
  const separator = delimiter === ';' ? '\\' : '/';
  return listed.length > 0 ? listed : [[home, '.kube', 'config'].join(separator)];
}

/** A kubeconfig file of the list; `text` is undefined when it does not exist. */
interface TargetFile {
  readonly path: string;
  readonly text: string | undefined;
}

/**
 * The file to write, chosen as kubectl does (clientcmd's PathOptions): the first file that has one of our names, because
 * it would hide the others; else the first that exists; else the last.
 */
export function chooseTarget(files: readonly [TargetFile, ...TargetFile[]], prepared: PreparedKubeconfig): string {
  if (files.length === 1) return files[0].path;
  const holder = files.find(({ text }) => text !== undefined && hasName(text, prepared.name));
  const existing = files.find(({ text }) => text !== undefined);
  return (holder ?? existing ?? files[files.length - 1] ?? files[0]).path;
}

function hasName(text: string, name: string): boolean {
  const read = readKubeconfig(text);
  return read.ok && LIST_NAMES.some((list) => findEntry(read.value.data, list, name) !== undefined);
}
