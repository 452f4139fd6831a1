import type { KnownCause } from './knownCause';

/** What the host itself stands in the way with, and a reset of etcd that was asked for. */
export const HOST_CAUSES: readonly KnownCause[] = [
  {
    id: 'cgroup-v1',
    says: 'kubelet is configured to not run on a host using cgroup v1',
    means: 'its kubelet needs cgroup v2, and this host uses cgroup v1',
    advice: [
      'Boot the host with cgroup v2 (systemd.unified_cgroup_hierarchy=1 on the kernel command line, or a newer system).',
    ],
    cures: 'never',
  },
  {
    id: 'memory-cgroup',
    says: 'failed to find memory cgroup',
    means: 'the kernel of this host has no memory cgroup',
    advice: ['Add cgroup_memory=1 cgroup_enable=memory to the kernel command line and restart the host.'],
    cures: 'never',
  },
  {
    id: 'port-taken',
    says: 'bind: address already in use',
    means: 'another program holds a port that K3s needs',
    advice: ['Stop the program that holds this port on the host (ss -lntp).'],
    cures: 'perhaps',
  },
  {
    id: 'not-executable',
    says: 'Failed at step EXEC',
    pattern: /Failed at step EXEC|Failed to (?:execute command|locate executable)/,
    means: 'systemd cannot run the K3s binary',
    advice: [
      'Look whether /usr/local/bin/k3s is there, is executable, is not on a noexec file system, and has its SELinux label (install k3s-selinux, then restorecon -v /usr/local/bin/k3s).',
    ],
    cures: 'perhaps',
  },
  {
    id: 'nm-cloud-setup',
    says: 'Control process exited, code=exited',
    beside: /is-enabled --quiet nm-cloud-setup/,
    means: 'its unit refuses to start while nm-cloud-setup is enabled, which changes the routes that K3s needs',
    advice: [
      'Disable it on the host (systemctl disable nm-cloud-setup.service nm-cloud-setup.timer) and restart the host.',
    ],
    cures: 'never',
  },
  {
    id: 'tailscale',
    says: 'tailscale up failed',
    means: 'it cannot join the Tailscale network of vpn-auth',
    advice: ['Check the key in vpn-auth (joinKey) and that tailscale is installed on the host.'],
    cures: 'perhaps',
  },
  {
    id: 'tunnel-lost',
    says: 'failed to find Session for client',
    means: 'a server has lost the tunnel to a node',
    advice: ['Wait a minute; if it stays so, restart K3s on the node that the message names.'],
    cures: 'itself',
    symptom: true,
  },
  {
    id: 'reset-again',
    says: 'please remove the cluster-reset flag',
    means: 'it is told to reset etcd a second time',
    advice: [
      'Remove cluster-reset from the configuration and start K3s normally. For another reset delete /var/lib/rancher/k3s/server/db/reset-flag first.',
    ],
    cures: 'never',
  },
  {
    id: 'reset-with-server',
    says: 'cannot perform cluster-reset while server URL is set',
    means: 'a server that joins another one cannot reset etcd',
    advice: [
      'Remove server: from the configuration of this host for the reset, or give --server= on the command line.',
    ],
    cures: 'never',
  },
  {
    id: 'snapshot-missing',
    says: 'snapshot path does not exist',
    means: 'the snapshot to restore is not on this host',
    advice: ['Name a snapshot that k3s etcd-snapshot ls shows on this host.'],
    cures: 'never',
  },
];
