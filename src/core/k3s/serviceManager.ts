import type { K3sUnit } from './paths';

/** What has started a host and keeps its services running. */
export type ServiceManager = 'systemd' | 'openrc' | 'none';

/** The name that people know the service of K3s by. */
export function serviceName(unit: K3sUnit, manager: ServiceManager | undefined): string {
  return manager === 'openrc' ? `service ${unit}` : `${unit}.service`;
}

/** The command that shows what K3s has written; OpenRC has no journal, and install.sh has K3s write to a file. */
export function logCommand(unit: K3sUnit, manager: ServiceManager | undefined): string {
  return manager === 'openrc' ? `tail -n 200 /var/log/${unit}.log` : `journalctl -u ${unit}`;
}

export function statusCommand(unit: K3sUnit, manager: ServiceManager | undefined): string {
  return manager === 'openrc' ? `rc-service ${unit} status` : `systemctl status ${unit}`;
}

/** The command that stops K3s and keeps it from starting with the host. */
export function disableCommand(unit: K3sUnit, manager: ServiceManager | undefined): string {
  return manager === 'openrc'
    ? `rc-service ${unit} stop; rc-update del ${unit} default`
    : `systemctl disable --now ${unit}.service`;
}

/** The command that has K3s start with the host. */
export function enableCommand(unit: K3sUnit, manager: ServiceManager | undefined): string {
  return manager === 'openrc' ? `rc-update add ${unit} default` : `systemctl enable ${unit}.service`;
}
