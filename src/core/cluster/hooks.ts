import { OWED_HOOKS_FOLDER } from '../k3s/paths';
import type { Cluster, ClusterNode, Hook } from './cluster';
import { asArray, asDuration, asRecord, asText, DURATION_UNITS, oneOf } from './shape';

const DEFAULT_TIMEOUT_MS = 5 * 60_000;

/** The entries of a `hooks:` list that say when what runs. */
export function readHooks(data: unknown): readonly Hook[] {
  return asArray(data).flatMap((entry, index): readonly Hook[] => {
    const hook = asRecord(entry);
    const [, side, event] = /^(before|after) (apply|node-upgrade|node-remove)$/.exec(asText(hook['when']) ?? '') ?? [];
    const run = asText(hook['run']);
    if (side === undefined || event === undefined || run === undefined) return [];
    return [
      {
        side: side as Hook['side'],
        event: event as Hook['event'],
        run,
        on: oneOf(hook['on'], ['host', 'here']) ?? 'host',
        timeoutMs: asDuration(hook['timeout']) ?? DEFAULT_TIMEOUT_MS,
        path: ['hooks', index],
      },
    ];
  });
}

/** `90s`, `5m`: the time limit as the cluster file would say it. */
export function hookTimeLimit(ms: number): string {
  const [unit, size] = Object.entries(DURATION_UNITS).findLast(([, length]) => ms % length === 0) ?? ['s', 1000];
  return `${ms / size}${unit}`;
}

/** `before node-upgrade`, as the cluster file says it. */
export function hookMoment({ side, event }: Pick<Hook, 'side' | 'event'>): string {
  return `${side} ${event}`;
}

/** Where a host remembers that the hooks after something have still to run. */
export function owedHooksPath(event: Hook['event']): string {
  return `${OWED_HOOKS_FOLDER}/${event}`;
}

/** Those paths that a host is asked for. */
export function owedHooksPaths({ hooks = [] }: Pick<Cluster, 'hooks'>): readonly string[] {
  return [...new Set(hooks.flatMap(({ side, event }) => (side === 'after' ? [owedHooksPath(event)] : [])))];
}

/** What a hook is told of the machine that is changed. Nothing of it is secret. */
export function hookEnvironment(
  { name, k3s }: Pick<Cluster, 'name' | 'k3s'>,
  { id, host, role }: ClusterNode,
): Readonly<Record<string, string>> {
  return {
    K3S_HA_NODE: id,
    K3S_HA_HOST: host,
    K3S_HA_ROLE: role,
    K3S_HA_CLUSTER: name,
    K3S_HA_VERSION: k3s.version ?? '',
  };
}
