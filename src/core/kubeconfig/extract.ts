import type { Fields } from './fields';
import { findEntry, readKubeconfig } from './kubeconfigText';
import { printAccess } from './prepare';

/**
 * The context `name` of a kubeconfig with its cluster and user, as a kubeconfig of its own that selects it; `undefined`
 * when the file has no such complete context or cannot be read. `absolute` resolves a path against the folder of the
 * kubeconfig, as kubectl does; else it would mean whatever folder this process runs in. May hold a private key.
 */
export function contextText(text: string, name: string, absolute: (path: string) => string): string | undefined {
  const found = complete(text, name);
  return found && printAccess(name, withPaths(found.cluster, absolute), withPaths(found.user, absolute));
}

/**
 * A kubeconfig of one selected context with another address, which is reached through a tunnel: no proxy, and the
 * certificate is verified against the new address. `undefined` as in {@link contextText}.
 */
export function accessAt(text: string, server: string): string | undefined {
  const found = complete(text);
  if (found === undefined) return undefined;
  const { 'tls-server-name': _name, 'proxy-url': _proxy, ...cluster } = found.cluster;
  return printAccess(found.name, { ...cluster, server }, found.user);
}

/** The context `name`, or the selected one, if its cluster and user are there. */
function complete(text: string, name?: string): { name: string; cluster: Fields; user: Fields } | undefined {
  const read = readKubeconfig(text);
  if (!read.ok) return undefined;
  const { data } = read.value;
  const wanted = name ?? data['current-context'];
  const context = findEntry(data, 'contexts', wanted);
  const cluster = findEntry(data, 'clusters', context?.cluster);
  const user = findEntry(data, 'users', context?.user);
  return cluster === undefined || user === undefined ? undefined : { name: wanted as string, cluster, user };
}

/** https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#file-references */
const PATHS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile', 'token-file'];

function withPaths(fields: Fields, absolute: (path: string) => string): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (PATHS.includes(key) && typeof value === 'string' && value !== '') return [key, absolute(value)];
      return [key, key === 'exec' ? withCommand(value, absolute) : value];
    }),
  );
}

/** A command without a folder is looked up in PATH. */
function withCommand(exec: unknown, absolute: (path: string) => string): unknown {
  if (typeof exec !== 'object' || exec === null || !('command' in exec)) return exec;
  const { command } = exec;
  return typeof command === 'string' && /[/\\]/.test(command) ? { ...exec, command: absolute(command) } : exec;
}
