import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hierarchies } from './cgroups';

/** What carries the name of a fleet and does not go away within ten seconds; the kernel takes its time on a busy machine. */
export async function lastingLeftovers(fleetId: string, runFolder: string): Promise<readonly string[]> {
  let left = leftovers(fleetId, runFolder);
  for (const deadline = Date.now() + 10_000; left.length > 0 && Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = leftovers(fleetId, runFolder);
  }
  return left;
}

/** Everything on this machine that carries the name of a fleet now. */
export function leftovers(fleetId: string, runFolder: string): string[] {
  const found: string[] = [];
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  found.push(...namespaces.filter((name) => name.startsWith(`${fleetId}-`)).map((name) => `network namespace ${name}`));
  found.push(
    ...readdirSync('/sys/class/net')
      .filter((name) => name === fleetId)
      .map((name) => `network link ${name}`),
  );
  found.push(
    ...hierarchies()
      .filter((at) => existsSync(join(at, fleetId)))
      .map((at) => `cgroup ${join(at, fleetId)}`),
  );
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  found.push(
    ...mounts
      .filter((line) => line.includes(runFolder) || line.includes(`/netns/${fleetId}-`))
      .map((line) => `mount ${line}`),
  );
  if (existsSync(runFolder)) found.push(`folder ${runFolder}`);
  found.push(...processesOf(fleetId, runFolder).map((line) => `process ${line}`));
  return found;
}

function processesOf(fleetId: string, runFolder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        // A zombie has no command line any more; it only waits to be counted.
        const cgroups = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
        return command !== '' && (command.includes(runFolder) || cgroups.includes(`/${fleetId}/`))
          ? [`${pid} ${command}`]
          : [];
      } catch {
        return []; // It ended while we looked.
      }
    });
}
