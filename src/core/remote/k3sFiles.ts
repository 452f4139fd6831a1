import { CONFIG_PATH, DEFAULT_REGISTRIES_PATH, K3S_UNITS } from '../k3s/paths';
import { ok } from '../base/result';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** $1: K3s data-dir. Prints the paths of files that K3s or its unit reads beside config.yaml, one a line. */
export const K3S_FILES_SCRIPT: RemoteScript = {
  id: 'k3s-files',
  text: `list() { for file in "$@"; do if [ -f "$file" ]; then printf '%s\\n' "$file"; fi; done; }
list ${DEFAULT_REGISTRIES_PATH} ${CONFIG_PATH}.d/*.yaml ${CONFIG_PATH}.d/*.yml
for unit in ${K3S_UNITS.join(' ')}; do list "/etc/default/$unit" "/etc/sysconfig/$unit" "/etc/conf.d/$unit" /etc/systemd/system/"$unit".service.d/*.conf; done
list "$1"/agent/etc/containerd/*.tmpl "$1"/agent/etc/containerd/config*.d/*.toml "$1"/agent/etc/kubelet.conf.d/* "$1"/agent/images/*
list "$1"/server/manifests/* "$1"/server/manifests/*/*`,
};

/** What K3s writes itself, below its data-dir. https://docs.k3s.io/installation/packaged-components */
const PACKAGED =
  /\/server\/manifests\/(?:(?:ccm|coredns|local-storage|rolebindings|runtimes|traefik)\.yaml|metrics-server\/[^/]+)$|\/kubelet\.conf\.d\/00-k3s-defaults\.conf$|\/agent\/images\/\.cache\.json$/;

/** Paths of files on a host that decide what K3s does and that are no config.yaml; those that K3s writes itself are left out. */
export function k3sFiles(dataDir: string): RemoteCommand<readonly string[]> {
  return {
    script: K3S_FILES_SCRIPT,
    args: [dataDir],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: ({ stdout }) => ok(stdout.split('\n').filter((path) => path.startsWith('/') && !PACKAGED.test(path))),
  };
}
