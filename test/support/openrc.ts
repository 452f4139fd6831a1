import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostFacts } from '../../src/core/facts/probe';
import type { ShellHost } from './shellHost';

/** The same hosts, or only the one named, as if OpenRC had started them. */
export function withOpenrc(facts: ReadonlyMap<string, HostFacts>, only?: string): Map<string, HostFacts> {
  const seen = ([id, one]: [string, HostFacts]): [string, HostFacts] => [
    id,
    only === undefined || only === id ? { ...one, init: 'openrc' } : one,
  ];
  return new Map([...facts].map(seen));
}

/** Shells that scripts meet on hosts; the last one is Alpine's. */
export const SHELLS = ['/bin/dash', '/bin/bash', '/bin/busybox'].filter((path) => existsSync(path));

/** A host that OpenRC has started, with what its programs leave in the state of OpenRC. What they are told is written down. */
export interface OpenrcHost {
  /** Lays a file down on the host. */
  put(path: string, text: string): string;
  /** The state of a service as OpenRC and supervise-daemon keep it. */
  state(unit: string, state: ServiceState): void;
}

interface ServiceState {
  readonly mark?: 'started' | 'starting' | 'stopping' | 'failed';
  /** Its supervisor, and whether it lives. */
  readonly supervisor?: { readonly pid: number; readonly lives: boolean };
  readonly child?: { readonly pid: number; readonly lives: boolean };
  /** As supervise-daemon writes it, in the time of the host. */
  readonly started?: string;
  readonly count?: number;
}

const MARKS = ['started', 'starting', 'stopping', 'failed'];

export function openrcOn(host: ShellHost): OpenrcHost {
  rmSync(join(host.folder, 'bin/systemctl'), { force: true });
  for (const name of ['rc-service', 'rc-update']) host.program(name, `echo "${name} $*" >> "$HOST/calls"`);
  const put = (path: string, text: string): string => {
    const place = host.root(path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
    return place;
  };
  put('/run/openrc/softlevel', 'default');
  const alive = (pid: number, lives: boolean): void => {
    if (lives) put(`/proc/${pid}/status`, 'Name:\tk3s\nState:\tS (sleeping)\n');
    else rmSync(host.root(`/proc/${pid}/status`), { force: true });
  };
  return {
    put,
    state(unit, { mark, supervisor, child, started, count = 0 }) {
      for (const name of MARKS) rmSync(host.root(`/run/openrc/${name}/${unit}`), { force: true });
      rmSync(host.root(`/run/openrc/options/${unit}/pidfile`).replace(/\/pidfile$/, ''), {
        recursive: true,
        force: true,
      });
      if (mark !== undefined) symlinkSync(`/etc/init.d/${unit}`, host.root(`/run/openrc/${mark}/${unit}`));
      const option = (name: string, value: unknown): void =>
        void put(`/run/openrc/options/${unit}/${name}`, String(value));
      if (supervisor === undefined) return;
      alive(supervisor.pid, supervisor.lives);
      option('pidfile', put(`/run/openrc/${unit}.pid`, `${supervisor.pid}\n`));
      option('respawn_delay', 5);
      if (child === undefined) return;
      alive(child.pid, child.lives);
      option('child_pid', child.pid);
      option('start_time', started);
      option('start_count', count);
    },
  };
}
