import { BALANCER_CONFIGS, type BalancerUnit } from '../../core/loadBalancer/paths';
import type { PracticeTarget } from '../options';
import type { HostFiles } from './files';

/** HAProxy, nginx and keepalived of a simulated host: no programs, but what their configuration makes of them. */
export interface HostBalancer {
  /** Names of programs that are installed, `socat` and `nginx-stream` among them. */
  readonly programs: Set<string>;
  /** Units that run; they are enabled as well, so they run again after a boot. */
  readonly active: Set<BalancerUnit>;
  /** Servers that HAProxy was told to give no new connections. */
  readonly drained: Set<string>;
}

export function hostBalancer(): HostBalancer {
  return { programs: new Set(), active: new Set(), drained: new Set() };
}

/** A server in the configuration of the proxy that runs. */
export interface BalancedServer extends PracticeTarget {
  /** As HAProxy calls it; nginx has no names. */
  readonly name: string;
  readonly out: boolean;
}

/** The servers behind the proxy of a host; undefined when none runs there. */
export function balancedServers(
  { active, drained }: HostBalancer,
  files: HostFiles,
): readonly BalancedServer[] | undefined {
  const unit = (['haproxy', 'nginx'] as const).find((name) => active.has(name));
  if (unit === undefined) return undefined;
  const text = files.get(BALANCER_CONFIGS[unit])?.content ?? '';
  const line =
    unit === 'haproxy'
      ? /^\s+server (\S+) \[?([^\s\]]+?)\]?:(\d+)$/gm
      : /^\s+server ()\[?([^\s\]]+?)\]?:(\d+) [^;]*?(down)?;$/gm;
  return [...text.matchAll(line)].map(([, name = '', address = '', port = '', down]) => ({
    name,
    address,
    port: Number(port),
    out: down !== undefined || drained.has(name),
  }));
}
