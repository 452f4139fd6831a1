import type { Cluster } from '../../cluster/cluster';
import { hasReference } from './read';

/** Where the address of the install script is written. */
export const SCRIPT_URL = ['k3s', 'install', 'scriptUrl'];

/** The script of the mirror in China, which alone knows INSTALL_K3S_MIRROR. */
export const MIRROR_SCRIPT = 'https://rancher-mirror.rancher.cn/k3s/k3s-install.sh';

/** Hosts that deliver the script of the K3s project itself. */
export const UPSTREAM = ['get.k3s.io', 'raw.githubusercontent.com', 'sfs.k3s.io', 'github.com'];

const RETIRED = ['docs.rancher.cn', 'rancher-mirror.cnrancher.com'];

/** Whether the hosts download a script whose address the file tells. */
export function usesScript(cluster: Cluster): boolean {
  const { method, scriptUrl } = cluster.k3s.install;
  return method === 'script' && !hasReference(scriptUrl);
}

/** The host of a URL, lower-case. */
export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^@/]*@)?([^/:?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? url;
}

/** Whether the script comes from an old address of the mirror. */
export function isRetired(url: string): boolean {
  return RETIRED.includes(hostOf(url));
}
