import type { Cluster, UpgradeRules } from './cluster';
import { asDuration, asRecord, asText, oneOf } from './shape';

const DEFAULTS: UpgradeRules = {
  drain: false,
  drainTimeoutMs: 5 * 60_000,
  emptyDir: 'delete',
  unmanagedPods: 'refuse',
  agentsAtOnce: '10%',
  snapshotFirst: true,
};

/** What stands under `k3s.upgrade`, completed; undefined when nothing does. */
export function readUpgradeRules(data: unknown): UpgradeRules | undefined {
  if (data === undefined || data === null) return undefined;
  const upgrade = asRecord(data);
  return {
    drain: upgrade['drain'] === true,
    drainTimeoutMs: asDuration(upgrade['drainTimeout']) ?? DEFAULTS.drainTimeoutMs,
    emptyDir: oneOf(upgrade['emptyDir'], ['delete', 'keep']) ?? DEFAULTS.emptyDir,
    unmanagedPods: oneOf(upgrade['unmanagedPods'], ['refuse', 'delete']) ?? DEFAULTS.unmanagedPods,
    agentsAtOnce: readAmount(asText(upgrade['agentsAtOnce'])) ?? DEFAULTS.agentsAtOnce,
    snapshotFirst: upgrade['snapshotFirst'] !== false,
  };
}

export function upgradeRules({ k3s }: Cluster): UpgradeRules {
  return k3s.upgrade ?? DEFAULTS;
}

/** How many of so many agents are changed at the same time, at least one. */
export function agentsAtOnce({ agentsAtOnce: amount }: UpgradeRules, agents: number): number {
  const wanted = typeof amount === 'number' ? amount : Math.ceil((agents * Number(amount.slice(0, -1))) / 100);
  return Math.max(1, wanted);
}

function readAmount(text = ''): UpgradeRules['agentsAtOnce'] | undefined {
  const [, number, percent] = /^([1-9]\d{0,3})(%?)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  return percent === '' ? Number(number) : `${Math.min(100, Number(number))}%`;
}
