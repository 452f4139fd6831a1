import { say } from '../../core/base/say';
import type { Problem } from '../../core/base/problem';
import { err, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import { findAccess, type AccessSources } from '../access/findAccess';
import type { Clock, ClusterApi, MachineDoorSource } from '../ports';
import { openDrillWatch, type DrillWatch } from './drillWatch';

/** Finds the way by which a drill asks, and begins to ask: the fixed address itself, since a way around it would see nothing of it. */
export async function openDrill(
  cluster: Cluster,
  sources: AccessSources,
  deps: { readonly api: ClusterApi & MachineDoorSource; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Result<DrillWatch, Problem>> {
  const access = await findAccess(cluster, sources, signal);
  if (!access.ok) return access;
  const answers = await deps.api.verify(access.value, signal);
  if (!answers.ok)
    return err({
      ...answers.error,
      message: say`The drill did not begin, and nothing was taken away: ${answers.error.message}`,
    });
  return openDrillWatch(cluster, access.value, deps);
}
