/** systemd units of K3s, as its install script names them. */
export const K3S_UNITS = ['k3s', 'k3s-agent'] as const;

export type K3sUnit = (typeof K3S_UNITS)[number];

export const CONFIG_PATH = '/etc/rancher/k3s/config.yaml';
export const DEFAULT_REGISTRIES_PATH = '/etc/rancher/k3s/registries.yaml';
export const DEFAULT_DATA_DIR = '/var/lib/rancher/k3s';
export const BINARY_PATH = '/usr/local/bin/k3s';

/** Ours: what this product has put on the host beside config.yaml, one line a file. */
export const PLACED_PATH = '/var/lib/k3s-ha/placed';

/** Ours: the boot id that a machine had when a reboot of ours began, while that is not over. */
export const REBOOT_PATH = '/var/lib/k3s-ha/reboot';

/** Ours: what a failover drill has taken away on this machine, while it has. */
export const DRILL_PATH = '/var/lib/k3s-ha/drill';

/** Ours: the last drill on this machine, and which parts of it are over. */
export const DRILLED_PATH = '/var/lib/k3s-ha/drilled';

/** Ours: the last proved configuration of a host whose change is under way. */
export const ASIDE_FOLDER = '/var/lib/k3s-ha/aside';

/** Files of ours that are not empty while a host owes the hooks after something; named as what they stand around. */
export const OWED_HOOKS_FOLDER = '/var/lib/k3s-ha/hooks';

/** Ours: units of K3s that did not belong to their machine, with their environment files. */
export const REMOVED_UNITS_FOLDER = '/var/lib/k3s-ha/removed-units';

/** Ours: what nobody can make anew and an uninstalled server leaves: snapshots of etcd, and the token that they need. */
export const KEPT_FOLDER = '/var/lib/k3s-ha/kept';

/** Ours: where a restore stands on a server, while it is not over. */
export const RESTORE_FOLDER = '/var/lib/k3s-ha/restore';

/** Ours: the id of the last restore that was proved on a server. */
export const RESTORED_PATH = '/var/lib/k3s-ha/restored';

/** Ours, on the server through which a token was rotated: earlier tokens with the time until which they were valid. */
export const FORMER_TOKENS_PATH = '/var/lib/k3s-ha/former-tokens';

/** Ours, there while K3s is asked for a new token, and afterwards when it did not say that it has taken it for good. */
export const TOKEN_ROTATION_PATH = '/var/lib/k3s-ha/token-rotation';
