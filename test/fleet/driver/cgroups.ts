import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Mount point of every cgroup hierarchy of this machine, version 1 and 2. */
export function hierarchies(): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, at]) => at ?? '');
}

/** Makes `<fleet>/<name>` in every hierarchy and returns the files that take a process in. */
export function makeCgroups(fleetId: string, name: string): string[] {
  return hierarchies().map((at) => {
    const fleet = join(at, fleetId);
    mkdirSync(fleet, { recursive: true });
    inheritCpuset(at, fleet);
    const own = join(fleet, name);
    mkdirSync(own, { recursive: true });
    return join(own, 'cgroup.procs');
  });
}

/** A new cpuset of version 1 has no processors and takes nobody in until it is given some. */
function inheritCpuset(at: string, fleet: string): void {
  const children = join(fleet, 'cgroup.clone_children');
  const cpus = join(fleet, 'cpuset.cpus');
  if (!existsSync(children) || !existsSync(cpus) || readFileSync(cpus, 'utf8').trim() !== '') return;
  writeFileSync(children, '1');
  for (const file of ['cpuset.cpus', 'cpuset.mems'])
    writeFileSync(join(fleet, file), readFileSync(join(at, file), 'utf8').trim());
}
