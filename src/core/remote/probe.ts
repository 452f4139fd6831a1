import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { caHashIn } from '../k3s/joinToken';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { PRINT_CA_HASH } from './caHash';
import { failed } from './failure';

/** What one look at a host tells. Nothing on the host is changed by looking. */
export interface HostFacts {
  readonly arch: string;
  readonly os: string;
  readonly hostname: string;
  /** Changes with every boot. */
  readonly bootId: string;
  /** The host's clock, seconds since 1970. */
  readonly time: number;
  readonly init: 'systemd' | 'openrc' | 'none';
  readonly cpus: number;
  readonly memoryKiB: number;
  /** Free space below /var/lib. */
  readonly diskFreeKiB: number;
  readonly addresses: readonly string[];
  readonly defaultRoute: boolean;
  readonly listeningPorts: readonly number[];
  readonly memoryCgroup: boolean;
  readonly firewall: 'firewalld' | 'ufw' | 'none';
  /** e.g. `v1.36.3+k3s1`; absent when K3s is not installed. */
  readonly k3sVersion?: string;
  readonly units: Readonly<Partial<Record<K3sUnit, UnitFacts>>>;
  /** sha256 of /etc/rancher/k3s/config.yaml, hex. */
  readonly configSha256?: string;
  /** What {@link STAMP_PATH} holds: the inputs of the last installation. */
  readonly stamp?: string;
  /** The configuration or the binary is newer than the running process. */
  readonly restartPending: boolean;
  readonly etcdData: boolean;
  readonly sqliteData: boolean;
  readonly serverToken: boolean;
  /** Hash of the certificate authority of the server's cluster; absent before its first start and on agents. */
  readonly caHash?: string;
  /** Names and addresses in the serving certificate. */
  readonly certificateNames: readonly string[];
}

export type K3sUnit = 'k3s' | 'k3s-agent';

export interface UnitFacts {
  /** systemd ActiveState: active, activating, inactive, failed … */
  readonly active: string;
  readonly sub: string;
  readonly restarts: number;
  readonly enabled: boolean;
}

export const CONFIG_PATH = '/etc/rancher/k3s/config.yaml';
/** Written after a successful installation; `k3s-uninstall.sh` removes the folder and so this file. */
export const STAMP_PATH = '/etc/rancher/k3s/k3s-ha.stamp';
export const DEFAULT_DATA_DIR = '/var/lib/rancher/k3s';

/** $1: K3s data-dir. Prints `key=value` lines. */
export const PROBE_SCRIPT: RemoteScript = {
  id: 'probe',
  text: `export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/opt/bin
put() { printf '%s=%s\\n' "$1" "$2"; }
put arch "$(uname -m)"
put os "$(. /etc/os-release 2>/dev/null && printf %s "$PRETTY_NAME")"
put hostname "$(hostname 2>/dev/null || cat /etc/hostname)"
put boot "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
put time "$(date +%s)"
if [ -d /run/systemd/system ]; then put init systemd
elif command -v openrc-run >/dev/null 2>&1; then put init openrc
else put init none
fi
put cpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc)"
put memory_kib "$(awk '/^MemTotal:/ {print $2}' /proc/meminfo)"
put disk_free_kib "$(df -Pk /var/lib 2>/dev/null | awk 'NR == 2 {print $4}')"
put addresses "$(ip -o addr show scope global 2>/dev/null | awk '{sub("/.*", "", $4); printf "%s ", $4}')"
if [ -n "$(ip route show default 2>/dev/null)$(ip -6 route show default 2>/dev/null)" ]; then put default_route yes; else put default_route no; fi
put ports "$(ss -lntH 2>/dev/null | awk '{n = split($4, a, ":"); print a[n]}' | sort -un | tr '\\n' ' ')"
if grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null || [ -d /sys/fs/cgroup/memory ]; then put memory_cgroup yes; else put memory_cgroup no; fi
if systemctl is-active --quiet firewalld 2>/dev/null; then put firewall firewalld
elif command -v ufw >/dev/null 2>&1 && ufw status 2>/dev/null | grep -q '^Status: active'; then put firewall ufw
else put firewall none
fi
binary=$(command -v k3s)
if [ -n "$binary" ]; then put k3s_version "$("$binary" --version 2>/dev/null | awk 'NR == 1 {print $3}')"; fi
config=${CONFIG_PATH}
pending=no
for unit in k3s k3s-agent; do
  systemctl cat "$unit" >/dev/null 2>&1 || continue
  show() { systemctl show "$unit" -p "$1" | cut -d= -f2-; }
  put "unit $unit" "$(show ActiveState) $(show SubState) $(show NRestarts) $(show UnitFileState)"
  started=$(show ExecMainStartTimestamp)
  if [ "$(show ActiveState)" = active ] && [ -n "$started" ]; then
    started=$(date -d "$started" +%s 2>/dev/null || echo 0)
    for file in "$config" "$binary" "/etc/systemd/system/$unit.service.env"; do
      changed=$(stat -L -c %Y "$file" 2>/dev/null || echo 0)
      if [ "$changed" -gt "$started" ]; then pending=yes; fi
    done
  fi
done
put restart_pending "$pending"
if [ -f "$config" ]; then put config_sha256 "$(sha256sum "$config" | cut -c1-64)"; fi
if [ -f ${STAMP_PATH} ]; then put stamp "$(cat ${STAMP_PATH})"; fi
if [ -d "$1/server/db/etcd/member" ]; then put etcd_data yes; fi
if [ -f "$1/server/db/state.db" ]; then put sqlite_data yes; fi
if [ -f "$1/server/token" ]; then put server_token yes; put ca_hash "$(${PRINT_CA_HASH})"; fi
put certificate_names "$(grep -o 'listener.cattle.io/cn-[^"]*":"[^"]*"' "$1/server/tls/dynamic-cert.json" 2>/dev/null | sed 's/.*":"//; s/"$//' | tr '\\n' ' ')"
put end yes`,
};

/** Looks at a host in one round trip. */
export function probe(dataDir: string = DEFAULT_DATA_DIR): RemoteCommand<HostFacts> {
  return { script: PROBE_SCRIPT, args: [dataDir], sudo: true, timeoutMs: 30_000, secrets: [], parse: parseProbe };
}

function parseProbe(output: RemoteOutput): Result<HostFacts, Problem> {
  const values = new Map<string, string>();
  for (const line of output.stdout.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  if (output.exitCode !== 0 || values.get('end') !== 'yes') {
    return err(failed('probe-failed', 'The host could not be examined', output));
  }
  const text = (key: string): string => values.get(key) ?? '';
  const yes = (key: string): boolean => values.get(key) === 'yes';
  const words = (key: string): string[] =>
    text(key)
      .split(' ')
      .filter((word) => word !== '');
  const optional = <K extends string>(name: K, key: string): Partial<Record<K, string>> => {
    const value = values.get(key);
    return value === undefined || value === '' ? {} : ({ [name]: value } as Record<K, string>);
  };
  const caHash = caHashIn(text('ca_hash'));
  const arch = text('arch');
  if (arch === '') return err(problem('probe-failed', 'The host did not tell its processor architecture'));
  return ok({
    arch,
    os: text('os'),
    hostname: text('hostname'),
    bootId: text('boot'),
    time: Number(text('time')),
    init: text('init') === 'systemd' ? 'systemd' : text('init') === 'openrc' ? 'openrc' : 'none',
    cpus: Number(text('cpus')),
    memoryKiB: Number(text('memory_kib')),
    diskFreeKiB: Number(text('disk_free_kib')),
    addresses: words('addresses'),
    defaultRoute: yes('default_route'),
    listeningPorts: words('ports').map(Number).filter(Number.isInteger),
    memoryCgroup: yes('memory_cgroup'),
    firewall: text('firewall') === 'firewalld' ? 'firewalld' : text('firewall') === 'ufw' ? 'ufw' : 'none',
    ...optional('k3sVersion', 'k3s_version'),
    units: { ...unit(values, 'k3s'), ...unit(values, 'k3s-agent') },
    ...optional('configSha256', 'config_sha256'),
    ...optional('stamp', 'stamp'),
    restartPending: yes('restart_pending'),
    etcdData: yes('etcd_data'),
    sqliteData: yes('sqlite_data'),
    serverToken: yes('server_token'),
    ...(caHash === undefined ? {} : { caHash }),
    certificateNames: words('certificate_names'),
  });
}

function unit(values: ReadonlyMap<string, string>, name: K3sUnit): Partial<Record<K3sUnit, UnitFacts>> {
  const line = values.get(`unit ${name}`);
  if (line === undefined) return {};
  const [active = '', sub = '', restarts = '0', enabled = ''] = line.split(' ');
  return { [name]: { active, sub, restarts: Number(restarts) || 0, enabled: enabled.startsWith('enabled') } };
}
