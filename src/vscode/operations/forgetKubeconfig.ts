import { forgottenWords, UNKNOWN_AUTHORITY } from '../../core/kubeconfig/forgotten';
import { forgetAccess } from '../../engine/access/forgetAccess';
import { clusterCaHash } from '../../engine/planning/starts';
import { reportProblem } from '../services/report';
import { sayInformation } from '../services/say';
import type { Services } from '../services/services';
import type { ReadyPlan } from './readyPlan';

/** Takes the access to a cluster that is gone out of the person's kubeconfigs, where that was wanted. */
export async function forgetKubeconfig({ file, prepared }: ReadyPlan, services: Services): Promise<void> {
  if (!('forget' in prepared.intent)) return;
  const { cluster, facts } = prepared.situation;
  const authority = clusterCaHash(cluster, facts);
  if (authority === undefined) return reportProblem(services.log, UNKNOWN_AUTHORITY);
  const forgotten = await forgetAccess(authority, await services.kubeconfigPlaces(file), services);
  if (!forgotten.ok) return reportProblem(services.log, forgotten.error);
  const lines = forgottenWords(cluster.name, forgotten.value);
  for (const line of lines) services.log.info(line);
  void sayInformation(lines.join(' '));
}
