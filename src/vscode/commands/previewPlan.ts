import { stepsByMachine } from '../../core/plan/plan';
import { planText } from '../../core/plan/planText';
import type { ClusterStore } from '../clusters/clusterStore';
import { plannable, prepareWithProgress } from '../provision/prepare';
import type { PlanDocuments } from '../provision/planDocuments';
import type { Services } from '../services/services';
import { chooseLocalFile } from './command';

/** K3s HA: Preview Plan — what would happen on which host, as a document. Changes nothing. */
export async function previewPlan(
  store: ClusterStore,
  services: Services,
  plans: PlanDocuments,
  argument: unknown,
): Promise<void> {
  const file = await chooseLocalFile(services.log, argument, { title: 'Preview Plan', purpose: 'Planning' });
  const state = file === undefined ? undefined : await plannable(store, file.uri);
  if (file === undefined || state === undefined) return;
  const session = services.openSession(file, state);
  const { hosts } = session;
  try {
    const prepared = await prepareWithProgress(file, state, session, services);
    if (prepared === undefined) return;
    store.setPlan(state.uri, stepsByMachine(prepared.plan));
    await plans.show(state.cluster.name, planText(prepared.plan));
  } finally {
    await hosts.dispose();
  }
}
