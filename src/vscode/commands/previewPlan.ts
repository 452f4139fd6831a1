import { stepsByNode } from '../../core/plan/plan';
import { planText } from '../../core/plan/planText';
import type { ClusterStore } from '../clusters/clusterStore';
import { plannable, prepareWithProgress } from '../provision/prepare';
import type { PlanDocuments } from '../provision/planDocuments';
import { chooseClusterFile } from '../services/clusterFile';
import type { Services } from '../services/services';
import { requireTrust } from './command';

/** K3s HA: Preview Plan — what would happen on which host, as a document. Changes nothing. */
export async function previewPlan(store: ClusterStore, services: Services, plans: PlanDocuments, argument: unknown): Promise<void> {
  if (!(await requireTrust('Planning'))) return;
  const uri = await chooseClusterFile(argument, 'Preview Plan');
  const state = uri === undefined ? undefined : await plannable(store, uri);
  if (state === undefined) return;
  const session = services.openSession(state);
  const { hosts } = session;
  try {
    const prepared = await prepareWithProgress(state, session, services);
    if (prepared === undefined) return;
    store.setPlan(state.uri, stepsByNode(prepared.plan));
    await plans.show(state.cluster.name, planText(prepared.plan));
  } finally {
    await hosts.dispose();
  }
}
