import { fetchKubeconfig } from '../../engine/fetchKubeconfig';
import type { ClusterStore } from '../clusters/clusterStore';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { saveWithQuestion } from '../provision/kubeconfig';
import { plannable } from '../provision/prepare';
import { chooseClusterFile } from '../services/clusterFile';
import { reportProblem } from '../services/report';
import type { Services } from '../services/services';
import { requireTrust } from './command';
import { withProgress } from '../services/say';

/** K3s HA: Merge Kubeconfig — from a server, with the load balancer's address, proved against the API, then saved. */
export async function mergeKubeconfig(store: ClusterStore, live: LiveWatcher, services: Services, argument: unknown): Promise<void> {
  if (!(await requireTrust('Fetching the kubeconfig'))) return;
  const uri = await chooseClusterFile(argument, 'Merge Kubeconfig');
  const state = uri === undefined ? undefined : await plannable(store, uri);
  if (state === undefined) return;
  const hosts = services.openHosts(state.uri);
  try {
    const fetched = await withProgress(`K3s HA: fetching the kubeconfig of ${state.cluster.name}`, { cancellable: true }, (_tell, signal) =>
      fetchKubeconfig(state.cluster, hosts, services.kubernetes(), signal));
    if (!fetched.ok) return await reportProblem(services.log, fetched.error);
    await saveWithQuestion(state.uri, fetched.value.prepared, services);
  } finally {
    await hosts.dispose();
  }
  await live.refresh(state.uri, { overSsh: false });
}
