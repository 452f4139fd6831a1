import { formatProblem } from '../core/base/problem';
import type { Cluster } from '../core/cluster/cluster';
import { checkAddress } from '../engine/access/checkAddress';
import { paint, tellLines } from './output';
import type { Session } from './session';

/** After a run: what is wrong with the address that kubeconfigs will have. */
export async function tellAddressFaults(
  cluster: Cluster,
  session: Session,
  parallel: number,
  signal: AbortSignal,
): Promise<void> {
  if (cluster.loadBalancer === undefined) return;
  const { findings } = await checkAddress(cluster, { ...session, parallel }, signal);
  for (const { severity, problem } of findings)
    if (severity !== 'note') tellLines(paint('yellow', formatProblem(problem)));
}
