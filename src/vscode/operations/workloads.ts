import { later, said, say } from '../../core/base/say';
import { connectCluster, type Connection } from '../../engine/access/connectCluster';
import { problem } from '../../core/base/problem';
import type { Problem } from '../../core/base/problem';
import { readWorkloads } from '../../engine/workloads/readWorkloads';
import type { ClusterStore } from '../clusters/clusterStore';
import { chooseLocalFile } from '../commands/command';
import { reportProblem } from '../services/report';
import { withProgress } from '../services/say';
import type { Services } from '../services/services';

/** K3s HA: Show Workloads: reads what workloads are judged by, for explorer and diagram. Changes nothing. */
export async function showWorkloads(store: ClusterStore, services: Services, argument: unknown): Promise<void> {
  const file = await chooseLocalFile(services.log, argument, {
    title: say`Show Workloads`,
    purpose: say`Reading the workloads`,
  });
  const state = file === undefined ? undefined : await store.get(file.uri);
  if (file === undefined || state === undefined) return;
  const { hosts } = services.openSession(file, state);
  try {
    await withProgress(
      say`K3s HA: reading the workloads of ${state.cluster.name}`,
      { cancellable: true },
      async (_, signal) => {
        const sources = {
          files: services.files,
          places: await services.kubeconfigPlaces(file),
          warn: (message: string) => services.log.warn(message),
          hosts,
        };
        const api = services.kubernetes();
        const connection = await connectCluster(state.cluster, sources, api, signal);
        if (signal.aborted) return;
        if (connection.kind !== 'reached') return reportProblem(services.log, notReached(connection));
        const read = await readWorkloads(connection.reached.endpoint, { api, clock: services.clock }, signal);
        if (signal.aborted) return;
        if (!read.ok) return reportProblem(services.log, read.error);
        store.setWorkloads(file.uri, read.value);
      },
    );
  } finally {
    await hosts.dispose();
  }
}

function notReached(connection: Exclude<Connection, { kind: 'reached' }>): Problem {
  if (connection.kind === 'unreachable') return connection.problem;
  return problem('workloads-unreadable', said(WORDS[connection.kind]), {
    nextSteps: [say`Merge Kubeconfig gets an access that fits, or Provision Cluster makes the cluster.`],
  });
}

const WORDS = {
  'no-kubeconfig': later`No kubeconfig for this cluster is on this machine, so its workloads cannot be read`,
  'not-provisioned': later`No server of this cluster has K3s, so it has no workloads`,
  'other-installation': later`The kubeconfig of this machine is of another installation of the cluster`,
} as const;
