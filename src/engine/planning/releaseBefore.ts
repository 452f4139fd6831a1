import type { RunReport } from '../../core/plan/events';
import type { PreparedPlan } from '../run/prepare';

/** The release that servers had before an upgrade that failed when its snapshot was saved; undefined for any other run. */
export function releaseBefore(
  { plan, situation: { cluster, facts } }: Pick<PreparedPlan, 'plan' | 'situation'>,
  { result, states }: RunReport,
): string | undefined {
  const saved = plan.steps.some(({ id, kind }) => kind === 'save-snapshot' && states.get(id) === 'done');
  const upgrades = plan.steps.some(({ kind }) => kind === 'install');
  if (result !== 'failed' || !saved || !upgrades) return undefined;
  const [before, ...others] = new Set(cluster.servers.flatMap(({ id }) => facts.get(id)?.k3sVersion ?? []));
  return others.length > 0 || before === cluster.k3s.version ? undefined : before;
}
