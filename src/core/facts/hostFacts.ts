import type { ServiceManager } from '../k3s/serviceManager';
import { RUNS_OPENRC } from '../remote/serviceManager';
import type { FactTopic } from './topic';

/** The machine itself. */
export interface HostTopic {
  readonly arch: string;
  readonly os: string;
  readonly hostname: string;
  /** Changes with every boot. */
  readonly bootId: string;
  /** The host's clock, seconds since 1970. */
  readonly time: number;
  readonly init: ServiceManager;
  readonly cpus: number;
  readonly memoryKiB: number;
  /** Free space below /var/lib. */
  readonly diskFreeKiB: number;
  readonly addresses: readonly string[];
  readonly defaultRoute: boolean;
  readonly listeningPorts: readonly number[];
  readonly memoryCgroup: boolean;
  readonly firewall: 'firewalld' | 'ufw' | 'none';
}

/** How a host of the practice fleet ends the name of its system. */
export const SIMULATED = ', simulated by K3s HA';

export const hostFacts: FactTopic<HostTopic> = {
  name: 'host',
  script: `put arch "$(uname -m)"
put os "$(. /etc/os-release 2>/dev/null && printf %s "$PRETTY_NAME")"
put hostname "$(hostname 2>/dev/null || cat /etc/hostname)"
put boot "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
put time "$(date +%s)"
if [ -d /run/systemd/system ]; then put init systemd
elif ${RUNS_OPENRC}; then put init openrc
else put init none
fi
put cpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc)"
put memory_kib "$(awk '/^MemTotal:/ {print $2}' /proc/meminfo)"
put disk_free_kib "$(df -Pk /var/lib 2>/dev/null | awk 'NR == 2 {print $4}')"
put addresses "$(ip -o addr show scope global 2>/dev/null | awk '{sub("/.*", "", $4); printf "%s ", $4}')"
if [ -n "$(ip route show default 2>/dev/null)$(ip -6 route show default 2>/dev/null)" ]; then put default_route yes; else put default_route no; fi
put ports "$({ ss -lntH 2>/dev/null || netstat -lnt 2>/dev/null | grep LISTEN; } | awk '{n = split($4, a, ":"); print a[n]}' | sort -un | tr '\\n' ' ')"
if grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null || [ -d /sys/fs/cgroup/memory ]; then put memory_cgroup yes
# OpenRC mounts it when the service of K3s wants it; what the kernel could give is told by another file.
elif ${RUNS_OPENRC} && [ -z "$(ls -A /sys/fs/cgroup 2>/dev/null)" ] && grep -q '^memory.*[^0-9]1$' /proc/cgroups 2>/dev/null; then put memory_cgroup yes
else put memory_cgroup no
fi
if systemctl is-active --quiet firewalld 2>/dev/null; then put firewall firewalld
elif command -v ufw >/dev/null 2>&1 && ufw status 2>/dev/null | grep -q '^Status: active'; then put firewall ufw
else put firewall none
fi
`,
  read: (values) => ({
    arch: values.text('arch'),
    os: values.text('os'),
    hostname: values.text('hostname'),
    bootId: values.text('boot'),
    time: values.number('time'),
    init: oneOf(values.text('init'), ['systemd', 'openrc', 'none']),
    cpus: values.number('cpus'),
    memoryKiB: values.number('memory_kib'),
    diskFreeKiB: values.number('disk_free_kib'),
    addresses: values.words('addresses'),
    defaultRoute: values.yes('default_route'),
    listeningPorts: values.words('ports').map(Number).filter(Number.isInteger),
    memoryCgroup: values.yes('memory_cgroup'),
    firewall: oneOf(values.text('firewall'), ['firewalld', 'ufw', 'none']),
  }),
};

/** The text, or the last of the choices for any other one. */
function oneOf<T extends string>(text: string, choices: readonly [...T[], T]): T {
  return choices.find((choice) => choice === text) ?? (choices.at(-1) as T);
}
