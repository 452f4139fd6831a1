import { randomUUID } from 'node:crypto';
import { SIMULATED } from '../../core/facts/hostFacts';
import type { PracticeClock } from '../clock';
import type { PracticeListener } from '../events';
import type { Listener } from '../listener';
import type { PracticeHostOptions, PracticeUser } from '../options';
import { hostBalancer, type HostBalancer } from './balancer';
import { hostFiles, type HostFiles } from './files';
import type { HostKubeVip } from './kubeVip';
import { hostJournal, type HostJournal } from './journal';
import { systemdUnit, type Program, type Unit } from './unit';

export type UnitName = 'k3s' | 'k3s-agent';

/** One simulated machine. Its files outlive a power cut; its processes and listeners do not. */
export interface PracticeHost {
  readonly id: string;
  readonly addresses: readonly [string, ...string[]];
  readonly hostname: string;
  readonly arch: string;
  readonly os: string;
  readonly init: 'systemd' | 'openrc';
  readonly kernel: string;
  readonly cpus: number;
  readonly memoryKiB: number;
  readonly diskFreeKiB: number;
  readonly users: readonly PracticeUser[];
  readonly files: HostFiles;
  readonly journal: HostJournal;
  readonly units: ReadonlyMap<UnitName, Unit>;
  readonly balancer: HostBalancer;
  readonly kubeVip: HostKubeVip;
  /** Addresses on its interface that are not its own. */
  readonly carried: Set<string>;
  /** Ports that are open now, for `ss -lnt`. */
  readonly ports: Set<number>;
  readonly listeners: Set<Listener>;
  bootId: string;
  powered: boolean;
  hung: boolean;
  /** Its cable is out: it goes on, and nothing reaches it or leaves it. */
  cut: boolean;
  diskFull: boolean;
  /** No image that K3s does not bring can be had. */
  imagesMissing: boolean;
}

const UNITS: readonly UnitName[] = ['k3s', 'k3s-agent'];

/** A host that is switched off, with the files of a fresh Debian. `program` gives what a unit runs. */
export function createHost(
  options: PracticeHostOptions,
  clock: PracticeClock,
  emit: PracticeListener,
  program: (host: PracticeHost, unit: UnitName) => Program,
): PracticeHost {
  const files = hostFiles(() => clock.now());
  const journal = hostJournal(() => clock.now());
  const hostname = options.hostname ?? options.id.toLowerCase();
  const units = new Map<UnitName, Unit>();
  const host: PracticeHost = {
    id: options.id,
    addresses: [options.address, ...(options.otherAddresses ?? [])],
    hostname,
    arch: options.arch ?? 'x86_64',
    os: `${options.init === 'openrc' ? 'Alpine Linux v3.22' : 'Debian GNU/Linux 12 (bookworm)'}${SIMULATED}`,
    init: options.init ?? 'systemd',
    kernel: '6.1.0-37-practice',
    cpus: options.cpus ?? 4,
    memoryKiB: options.memoryKiB ?? 8 * 1024 * 1024,
    diskFreeKiB: options.diskFreeKiB ?? 40 * 1024 * 1024,
    users: options.users ?? [{ name: 'practice' }],
    files,
    journal,
    units,
    balancer: hostBalancer(),
    kubeVip: { ended: 0, pause: 0 },
    carried: new Set(),
    ports: new Set(),
    listeners: new Set(),
    bootId: randomUUID(),
    powered: false,
    hung: false,
    cut: false,
    diskFull: false,
    imagesMissing: false,
  };
  for (const name of UNITS) {
    units.set(
      name,
      systemdUnit({
        name,
        description: 'Lightweight Kubernetes',
        clock,
        journal,
        program: program(host, name),
        onChange: (state) => emit({ kind: 'unit', host: host.id, unit: name, active: state.active, sub: state.sub }),
      }),
    );
  }
  files.write('/etc/hostname', `${hostname}\n`);
  const system = host.init === 'openrc' ? 'ID=alpine\nVERSION_ID=3.22.0' : 'ID=debian\nVERSION_ID="12"';
  files.write('/etc/os-release', `${system}\nPRETTY_NAME="${host.os}"\n`);
  return host;
}

/** Whether the host answers anything at all. */
export function isAlive(host: PracticeHost): boolean {
  return host.powered && !host.hung;
}

/** Whether those who have connected to it hear nothing more, although it is on. */
export function isSilent(host: PracticeHost): boolean {
  return host.hung || host.cut;
}

/** Path of a unit file, or of a service of OpenRC, as the install script writes it. */
export function unitPath({ init }: Pick<PracticeHost, 'init'>, unit: UnitName): string {
  return init === 'openrc' ? `/etc/init.d/${unit}` : `/etc/systemd/system/${unit}.service`;
}

/** Path of the file with the variables of a unit. */
export function environmentPath(host: Pick<PracticeHost, 'init'>, unit: UnitName): string {
  return host.init === 'openrc' ? `/etc/rancher/k3s/${unit}.env` : `${unitPath(host, unit)}.env`;
}

/** What `systemctl cat` prints of a unit; with OpenRC the line that stands for its command. */
export function unitText(host: PracticeHost, unit: UnitName): string {
  const text = host.files.get(unitPath(host, unit))?.content ?? '';
  if (host.init === 'systemd') return text;
  const joined = text.replaceAll(/\\\n/g, ' ');
  const part = (name: string): string => new RegExp(`^${name}="(.*)"$`, 'm').exec(joined)?.[1] ?? '';
  return text === '' ? '' : `ExecStart=${part('command')} ${part('command_args').replace(/>>.*$/, '')}\n`;
}

export function unitExists(host: PracticeHost, unit: UnitName): boolean {
  return host.files.get(unitPath(host, unit)) !== undefined;
}

export function isEnabled(host: PracticeHost, unit: UnitName): boolean {
  return host.files.get(enabledPath(host, unit)) !== undefined;
}

export function setEnabled(host: PracticeHost, unit: UnitName, on: boolean): void {
  if (on) host.files.link(enabledPath(host, unit), unitPath(host, unit));
  else host.files.remove(enabledPath(host, unit));
}

function enabledPath({ init }: PracticeHost, unit: UnitName): string {
  return init === 'openrc'
    ? `/etc/runlevels/default/${unit}`
    : `/etc/systemd/system/multi-user.target.wants/${unit}.service`;
}
