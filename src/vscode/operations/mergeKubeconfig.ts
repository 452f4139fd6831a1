import { say } from '../../core/base/say';
import { fetchKubeconfig } from '../../engine/access/fetchKubeconfig';
import type { ClusterStore } from '../clusters/clusterStore';
import { plannable } from '../clusters/plannable';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { chooseLocalFile } from '../commands/command';
import { reportProblem } from '../services/report';
import { withProgress } from '../services/say';
import type { Services } from '../services/services';
import { saveWithQuestion } from './kubeconfig';
import { admitted } from './prepare';

/** K3s HA: Merge Kubeconfig — from a server, with the load balancer's address, proved against the API, then saved. */
export async function mergeKubeconfig(
  store: ClusterStore,
  live: LiveWatcher,
  services: Services,
  argument: unknown,
): Promise<void> {
  const file = await chooseLocalFile(services.log, argument, {
    title: say`Merge Kubeconfig`,
    purpose: say`Fetching the kubeconfig`,
  });
  const state = file === undefined ? undefined : await plannable(store, file.uri);
  if (file === undefined || state === undefined) return;
  const session = services.openSession(file, state);
  const { hosts } = session;
  try {
    if (!(await admitted(session, services))) return;
    const fetched = await withProgress(
      say`K3s HA: fetching the kubeconfig of ${state.cluster.name}`,
      { cancellable: true },
      (_tell, signal) => fetchKubeconfig(state.cluster, hosts, services.kubernetes(), signal),
    );
    if (!fetched.ok) return await reportProblem(services.log, fetched.error);
    await saveWithQuestion(file, state.cluster, fetched.value.prepared, services);
  } finally {
    await hosts.dispose();
  }
  await live.refresh(state.uri, { overSsh: false });
}
