import type { NodeRole } from '../k3s/nodeRole';
import type { Cluster } from './cluster';

/**
 * Environment of the install script for one role: the file's own variables, the release, and never a start by the
 * installer itself. Options belong into config.yaml; an `INSTALL_K3S_EXEC` of the file keeps working and gets the role
 * word when it has none. https://docs.k3s.io/reference/env-variables
 */
export function installEnvironment(cluster: Cluster, role: NodeRole): Record<string, string> {
  const { install, version, channel } = cluster.k3s;
  const env: Record<string, string> = { ...install.env, INSTALL_K3S_SKIP_START: 'true' };
  if (version !== undefined) env['INSTALL_K3S_VERSION'] = version;
  else if (channel !== undefined) env['INSTALL_K3S_CHANNEL'] = channel;
  if (install.method !== 'script') env['INSTALL_K3S_SKIP_DOWNLOAD'] = 'true';
  // The package with the SELinux policy is still the script's business.
  else if (install.binary === 'upload') env['INSTALL_K3S_SKIP_DOWNLOAD'] = 'binary';
  const exec = install.env['INSTALL_K3S_EXEC'];
  if (exec !== undefined && !/^(server|agent)\b/.test(exec.trim())) env['INSTALL_K3S_EXEC'] = `${role} ${exec.trim()}`;
  return env;
}
