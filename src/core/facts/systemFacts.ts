import { RUNS_OPENRC } from '../remote/serviceManager';
import type { FactTopic } from './topic';

/** What the operating system is and how it is set up; absent where a host told nothing of it. */
export interface SystemTopic {
  readonly system?: SystemFacts;
}

export interface SystemFacts {
  /** `uname -r`. */
  readonly kernel: string;
  /** ID and ID_LIKE of os-release, the most exact one first; empty where there is none. */
  readonly distribution: readonly string[];
  /** VERSION_ID of os-release. */
  readonly distributionVersion: string;
  readonly machineId: string;
  /** 1 for the hybrid layout, too: kubelet asks what /sys/fs/cgroup is. 2 where nothing is mounted yet, as on a new host with OpenRC. */
  readonly cgroups: 1 | 2;
  /** The kernel's clock is kept in step; absent where the host does not tell. */
  readonly clockSynchronised?: boolean;
  readonly swapKiB: number;
  readonly selinux: 'Enforcing' | 'Permissive' | 'Disabled';
  /** Whether the policy k3s-selinux is installed. */
  readonly selinuxPolicy: boolean;
  readonly appArmor: boolean;
  readonly appArmorParser: boolean;
  /** e.g. `1.8.7`; absent where there is no iptables. */
  readonly iptables?: string;
  /** nm-cloud-setup, which changes routes, starts with the host or runs. */
  readonly nmCloudSetup: boolean;
  /** The program of OpenRC by which the install script of K3s knows it. */
  readonly openrc: boolean;
  /** Modules of the kernel that K3s loads and that its packages do not have. */
  readonly missingModules: readonly string[];
}

/** A module is missed only where the modules of the running kernel are there to look at: containers and kernels without modules have none. */
export const systemFacts: FactTopic<SystemTopic> = {
  name: 'system',
  script: `put kernel "$(uname -r)"
put distribution "$(. /etc/os-release 2>/dev/null && printf '%s %s' "$ID" "$ID_LIKE")"
put distribution_version "$(. /etc/os-release 2>/dev/null && printf %s "$VERSION_ID")"
put machine_id "$(cat /etc/machine-id 2>/dev/null)"
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then put cgroups 2
elif ! ${RUNS_OPENRC} || [ -n "$(ls -A /sys/fs/cgroup 2>/dev/null)" ]; then put cgroups 1
fi
put swap_kib "$(awk '/^SwapTotal:/ {print $2}' /proc/meminfo)"
put clock_synchronised "$(timeout 5 timedatectl show -p NTPSynchronized 2>/dev/null | cut -d= -f2)"
put selinux "$(getenforce 2>/dev/null)"
if [ -f /usr/share/selinux/packages/k3s.pp ]; then put selinux_policy yes; fi
put app_armor "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)"
if command -v apparmor_parser >/dev/null 2>&1; then put app_armor_parser yes; fi
put iptables "$(iptables --version 2>/dev/null | sed -n 's/^iptables v\\([0-9.]*\\).*/\\1/p')"
if systemctl is-enabled --quiet nm-cloud-setup.timer 2>/dev/null || systemctl is-active --quiet nm-cloud-setup.service 2>/dev/null; then put nm_cloud_setup yes; fi
if [ -x /sbin/openrc-run ]; then put openrc yes; fi
if [ -f "/lib/modules/$(uname -r)/modules.dep" ] && command -v modprobe >/dev/null 2>&1; then
  for module in overlay br_netfilter vxlan; do
    [ -d "/sys/module/$module" ] || modprobe -n -q "$module" 2>/dev/null && continue
    # The modprobe of busybox cannot only look.
    grep -qs "/$module[.]ko" "/lib/modules/$(uname -r)/modules.dep" "/lib/modules/$(uname -r)/modules.builtin" || put "module $module" missing
  done
fi
`,
  read: (values) => {
    const kernel = values.optional('kernel');
    const iptables = values.optional('iptables');
    const selinux = values.text('selinux');
    const clock = values.text('clock_synchronised');
    if (kernel === undefined) return {};
    return {
      system: {
        kernel,
        distribution: values.words('distribution'),
        distributionVersion: values.text('distribution_version'),
        machineId: values.text('machine_id'),
        cgroups: values.text('cgroups') === '1' ? 1 : 2,
        ...(clock === 'yes' || clock === 'no' ? { clockSynchronised: clock === 'yes' } : {}),
        swapKiB: values.number('swap_kib'),
        selinux: selinux === 'Enforcing' || selinux === 'Permissive' ? selinux : 'Disabled',
        selinuxPolicy: values.yes('selinux_policy'),
        appArmor: values.text('app_armor') === 'Y',
        appArmorParser: values.yes('app_armor_parser'),
        ...(iptables === undefined ? {} : { iptables }),
        nmCloudSetup: values.yes('nm_cloud_setup'),
        openrc: values.yes('openrc'),
        missingModules: [...values.texts('module').keys()],
      },
    };
  },
};
