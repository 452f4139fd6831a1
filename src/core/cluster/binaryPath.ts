import { BINARY_PATH } from '../k3s/paths';
import type { Cluster } from './cluster';

/** Where the file has the binary of K3s on its hosts. https://docs.k3s.io/reference/env-variables */
export function binaryPath({ k3s: { install } }: Pick<Cluster, 'k3s'>): string {
  const folder = install.env['INSTALL_K3S_BIN_DIR'] ?? '';
  return folder === '' ? BINARY_PATH : `${folder.replace(/\/+$/, '')}/k3s`;
}

/** Whether K3s on a host is called in another place than the one that the file names. Where it names none any place is right. */
export function isElsewhere(cluster: Pick<Cluster, 'k3s'>, seen: { readonly k3sBinary?: string } | undefined): boolean {
  const isNamed = (cluster.k3s.install.env['INSTALL_K3S_BIN_DIR'] ?? '') !== '';
  return isNamed && seen?.k3sBinary !== undefined && seen.k3sBinary !== binaryPath(cluster);
}
