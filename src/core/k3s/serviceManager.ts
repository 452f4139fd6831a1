import type { K3sUnit } from './paths';

/** What has started a host and keeps its services running. */
export type ServiceManager = 'systemd' | 'openrc' | 'none';

/** The name that people know a service by. */
export function serviceName(unit: string, manager: ServiceManager | undefined): string {
  return manager === 'openrc' ? `service ${unit}` : `${unit}.service`;
}

/** The command that shows what K3s has written; OpenRC has no journal, and install.sh has K3s write to a file. */
export function logCommand(unit: K3sUnit, manager: ServiceManager | undefined): string {
  return manager === 'openrc' ? `tail -n 200 /var/log/${unit}.log` : `journalctl -u ${unit}`;
}

export function statusCommand(unit: K3sUnit, manager: ServiceManager | undefined): string {
  return manager === 'openrc' ? `rc-service ${unit} status` : `systemctl status ${unit}`;
}

/** The command that stops a service and keeps it from starting with the host. */
export function disableCommand(unit: string, manager: ServiceManager | undefined): string {
  return manager === 'openrc'
    ? `rc-service ${unit} stop; rc-update del ${unit} default`
    : `systemctl disable --now ${unit}.service`;
}

/** The command that has K3s start with the host. */
export function enableCommand(unit: K3sUnit, manager: ServiceManager | undefined): string {
  return manager === 'openrc' ? `rc-update add ${unit} default` : `systemctl enable ${unit}.service`;
}

/** Commands of root that give the service of K3s its usual name: it is away for some seconds, and what it has started goes on. */
export function renameCommands(from: string, to: K3sUnit, manager: ServiceManager | undefined): readonly string[] {
  const openrc = manager === 'openrc';
  const file = (unit: string): string => (openrc ? `/etc/init.d/${unit}` : `/etc/systemd/system/${unit}.service`);
  const environment = (unit: string): string => (openrc ? `/etc/rancher/k3s/${unit}.env` : `${file(unit)}.env`);
  const moved = (was: string, is: string): string => `if [ -e ${was} ]; then mv ${was} ${is}; fi`;
  return [
    disableCommand(from, manager),
    `mv ${file(from)} ${file(to)}`,
    moved(environment(from), environment(to)),
    ...(openrc ? [] : [moved(`${file(from)}.d`, `${file(to)}.d`)]),
    // The file names its environment, and with OpenRC its log and its process.
    `sed -i 's/${from}\\./${to}./g' ${file(to)}`,
    ...(openrc ? [] : ['systemctl daemon-reload']),
    enableCommand(to, manager),
    openrc ? `rc-service ${to} start` : `systemctl start ${to}.service`,
  ];
}
