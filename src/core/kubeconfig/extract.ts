import { findEntry, readKubeconfig } from './kubeconfigText';
import { printAccess } from './prepare';

/**
 * The context `name` of a kubeconfig with its cluster and user, as a kubeconfig of its own that selects it; `undefined`
 * when the file has no such complete context or cannot be read. The result may hold a private key.
 */
export function contextText(text: string, name: string): string | undefined {
  const read = readKubeconfig(text);
  if (!read.ok) return undefined;
  const context = findEntry(read.value.data, 'contexts', name);
  const cluster = findEntry(read.value.data, 'clusters', context?.cluster);
  const user = findEntry(read.value.data, 'users', context?.user);
  return cluster === undefined || user === undefined ? undefined : printAccess(name, cluster, user);
}
