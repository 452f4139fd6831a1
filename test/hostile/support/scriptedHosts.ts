import type { RemoteOutput } from '../../../src/core/remote/remoteCommand';
import type { RemoteHosts } from '../../../src/engine/ports';
import { problem } from '../../../src/core/base/problem';
import { err } from '../../../src/core/base/result';

/** What a host prints for a script; `turn` counts the calls of that script on that host from 0. */
export type Answer = (host: string, script: string, turn: number) => Partial<RemoteOutput>;

/** What a host that does as it is told prints, whatever the test is about. */
const USUAL: Readonly<Record<string, string>> = { 'take-lease': 'taken\nada@laptop, process 1\n1790000000\nrun\n' };

/** Hosts that answer every script with a text, and tell its lines as they would come over a connection. */
export function scriptedHosts(answer: Answer): RemoteHosts {
  const turns = new Map<string, number>();
  return {
    async run({ id }, command, { onLine } = {}) {
      const key = `${id} ${command.script.id}`;
      const turn = turns.get(key) ?? 0;
      turns.set(key, turn + 1);
      const given = USUAL[command.script.id];
      const output = {
        stdout: given ?? '',
        stderr: '',
        exitCode: 0,
        ...(given === undefined ? answer(id, command.script.id, turn) : {}),
      };
      for (const stream of ['stdout', 'stderr'] as const)
        for (const line of output[stream].split('\n')) onLine?.(line, stream);
      const parsed = command.parse(output);
      return parsed.ok
        ? { kind: 'done', value: parsed.value }
        : { kind: 'failed', problem: { ...parsed.error, host: id } };
    },
    openTunnel: async () => err(problem('no-tunnel', 'These hosts forward nothing')),
    mask: (text) => text,
    dispose: async () => undefined,
  };
}

/** What a fresh host prints for the probe. */
export function probeText(values: Readonly<Record<string, string>> = {}): string {
  const facts = {
    arch: 'x86_64',
    os: 'Debian',
    hostname: 'h',
    boot: 'b',
    time: '1790000000',
    init: 'systemd',
    cpus: '4',
    memory_kib: '4000000',
    disk_free_kib: '20000000',
    addresses: '',
    default_route: 'yes',
    ports: '22',
    memory_cgroup: 'yes',
    firewall: 'none',
    restart_pending: 'no',
    ...values,
    end: 'yes',
  };
  return Object.entries(facts)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}
