import {
  BALANCER_CONFIGS,
  HAPROXY_BACKEND,
  HAPROXY_SOCKET,
  PACKAGES_RECORD,
  type BalancerUnit,
} from '../loadBalancer/paths';
import { dropInPath } from '../loadBalancer/proxyDropIn';
import type { FactTopic, FactValues } from './topic';

/** The load balancer of this host; read on its machines, and wherever K3s HA has installed one. */
export interface BalancerTopic {
  readonly balancer?: BalancerFacts;
}

/** The program that installs packages on a host. */
export type PackageManager = 'apt-get' | 'dnf' | 'zypper' | 'apk';

export const PACKAGE_MANAGERS: readonly PackageManager[] = ['apt-get', 'dnf', 'zypper', 'apk'];

/** Programs that the load balancer is made of. */
export type BalancerProgram = BalancerUnit | 'socat' | 'nginx-stream';

export interface BalancerFacts {
  /** Absent when the host has none of those that are known. */
  readonly manager?: PackageManager;
  /** What is there of the programs. */
  readonly programs: readonly BalancerProgram[];
  /** First line of what each says of its version. */
  readonly versions: ReadonlyMap<BalancerUnit, string>;
  readonly units: ReadonlyMap<BalancerUnit, { readonly active: string; readonly enabled: boolean }>;
  /** Files of ours and of others, by path. keepalived.conf may hold a password: it stays in the engine. */
  readonly files: ReadonlyMap<string, string>;
  /** Packages that K3s HA has installed here. */
  readonly installed: readonly string[];
  readonly interfaces: readonly HostInterface[];
  /** Servers that HAProxy gives no new connections because it was told so. */
  readonly drained: readonly string[];
  /** Another machine answers at the fixed address; undefined when it was not asked or nobody could ask. */
  readonly addressAnswers?: boolean;
}

/** An address of a host with its network. */
export interface HostInterface {
  readonly name: string;
  readonly address: string;
  /** Length of the network's prefix in bits. */
  readonly prefix: number;
}

const UNITS = Object.keys(BALANCER_CONFIGS) as readonly BalancerUnit[];
const FILES = [...Object.values(BALANCER_CONFIGS), dropInPath('haproxy'), dropInPath('nginx')];

/** `$2`: the fixed address on a machine that is to carry it, else nothing. The ping makes the host ask by ARP. */
export const balancerFacts: FactTopic<BalancerTopic> = {
  name: 'balancer',
  script: `if [ -n "$2" ] || [ -f ${PACKAGES_RECORD} ]; then
  put balancer yes
  for manager in ${PACKAGE_MANAGERS.join(' ')}; do
    if command -v "$manager" >/dev/null 2>&1; then put package_manager "$manager"; break; fi
  done
  for unit in ${UNITS.join(' ')}; do
    command -v "$unit" >/dev/null 2>&1 || continue
    put "program $unit" yes
    put "program_version $unit" "$("$unit" -v 2>&1 | head -n 1)"
    put "program_unit $unit" "$(systemctl show "$unit" -p ActiveState | cut -d= -f2-) $(systemctl show "$unit" -p UnitFileState | cut -d= -f2-)"
  done
  if command -v socat >/dev/null 2>&1; then put 'program socat' yes; fi
  for module in /usr/lib/nginx/modules /usr/lib64/nginx/modules /usr/share/nginx/modules; do
    if [ -f $module/ngx_stream_module.so ]; then put 'program nginx-stream' yes; fi
  done
  if nginx -V 2>&1 | grep -Eq -- '--with-stream( |$)'; then put 'program nginx-stream' yes; fi
  for file in ${FILES.join(' ')}; do put_file "balancer_file $file" "$file"; done
  put balancer_packages "$(tr '\\n' ' ' < ${PACKAGES_RECORD} 2>/dev/null)"
  put interfaces "$(ip -o addr show scope global 2>/dev/null | awk '{printf "%s,%s ", $2, $4}')"
  if [ -S ${HAPROXY_SOCKET} ]; then
    put drained "$(echo 'show servers state ${HAPROXY_BACKEND}' | socat -T 2 - UNIX-CONNECT:${HAPROXY_SOCKET} 2>/dev/null | awk '$1 ~ /^[0-9]+$/ && int($7 / 8) % 2 == 1 {printf "%s ", $4}')"
  fi
  if [ -n "$2" ] && ! ip -o addr show 2>/dev/null | awk '{sub("/.*", "", $4); print $4}' | grep -qxF "$2" && command -v ping >/dev/null 2>&1; then
    # That of busybox knows no -n.
    case $(ping --help 2>&1) in *BusyBox*) numeric= ;; *) numeric=-n ;; esac
    if ping $numeric -c 1 -W 1 "$2" >/dev/null 2>&1 || ip neigh show to "$2" 2>/dev/null | grep -q lladdr; then put address_answers yes; else put address_answers no; fi
  fi
fi
`,
  read: (values) => (values.yes('balancer') ? { balancer: readBalancer(values) } : {}),
};

function readBalancer(values: FactValues): BalancerFacts {
  const manager = PACKAGE_MANAGERS.find((name) => name === values.text('package_manager'));
  const programs: readonly BalancerProgram[] = [...UNITS, 'socat', 'nginx-stream'];
  const answers = values.optional('address_answers');
  return {
    ...(manager === undefined ? {} : { manager }),
    programs: programs.filter((name) => values.yes(`program ${name}`)),
    versions: byUnit(values, 'program_version', (text) => text),
    units: byUnit(values, 'program_unit', (text) => {
      const [active = '', enabled = ''] = text.split(' ');
      return { active, enabled: enabled.startsWith('enabled') };
    }),
    files: values.texts('balancer_file'),
    installed: values.words('balancer_packages'),
    interfaces: values.words('interfaces').flatMap(readInterface),
    drained: values.words('drained'),
    ...(answers === undefined ? {} : { addressAnswers: answers === 'yes' }),
  };
}

function byUnit<T>(values: FactValues, prefix: string, read: (text: string) => T): ReadonlyMap<BalancerUnit, T> {
  return new Map(
    UNITS.flatMap((unit) => {
      const text = values.optional(`${prefix} ${unit}`);
      return text === undefined ? [] : [[unit, read(text)] as const];
    }),
  );
}

/** `eth0,10.0.0.5/24`; a point-to-point address has no length. */
function readInterface(word: string): HostInterface[] {
  const match = /^([^,]+),([^/]+)(?:\/(\d+))?$/.exec(word);
  if (match === null) return [];
  const [, name = '', address = '', prefix] = match;
  return [{ name, address, prefix: prefix === undefined ? (address.includes(':') ? 128 : 32) : Number(prefix) }];
}
