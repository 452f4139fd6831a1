/** The ids of all checks of hosts. Apart from the checks, because the editor has to know them and never judges a host at its start. */
export const HOST_CHECK_IDS = [
  'host-not-examined',
  'no-service-manager',
  'openrc-beside-systemd',
  'arch-unsupported',
  'role-changed',
  'cgroup-memory-missing',
  'no-default-route',
  'disk-space',
  'port-in-use',
  'node-ip-elsewhere',
  'hostname-unusable',
  'hostname-duplicate',
  'network-overlap',
  'other-kubernetes',
  'port-unreachable',
  'cgroup-v1',
  'host-undersized',
  'certificate-ends-soon',
  'clock-skew',
  'firewall-rules-missing',
  'firewall-flushes-on-reload',
  'selinux-policy-missing',
  'apparmor-parser-missing',
  'kernel-old',
  'kernel-module-missing',
  'nm-cloud-setup',
  'iptables-buggy',
  'machine-id-duplicate',
  'name-server-missing',
  'pod-network-remains',
  'etcd-slow-disk',
  'etcd-space',
  'etcd-slow-writes',
  'compaction-behind',
  'endpoints-differ',
  'tunnel-lost',
  'distribution-unknown',
  'clock-unsynchronised',
  'swap-on',
  'multi-homed-no-node-ip',
  'leased-server-address',
  'port-not-tried',
] as const;

export type HostCheckId = (typeof HOST_CHECK_IDS)[number];

/** Whether this is the id of a check of hosts. */
export function isHostCheckId(id: string): boolean {
  return HOST_CHECK_IDS.some((known) => known === id);
}
