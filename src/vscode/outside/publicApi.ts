import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { K3sHaApi, K3sHaCluster } from '../../../schemas/api';
import { contextText } from '../../core/kubeconfig/extract';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { localFile } from '../services/localFile';
import type { Services } from '../services/services';
import { publicCluster } from './publicCluster';

/** The clusters as the exported API tells them. */
export async function publicClusters(store: ClusterStore, services: Services): ReturnType<K3sHaApi['clusters']> {
  if (!vscode.workspace.isTrusted) return [];
  return Promise.all(
    (await store.all()).map(async (state) => {
      const kubeconfig = await kubeconfigOf(state, services);
      return { ...publicCluster(state), ...(kubeconfig === undefined ? {} : { kubeconfig }) };
    }),
  );
}

/** The first kubeconfig of the person's own that has the cluster's context. */
async function kubeconfigOf(state: StoredCluster, services: Services): Promise<K3sHaCluster['kubeconfig']> {
  const file = localFile(state.uri, say`Reading a kubeconfig`);
  if (!file.ok) return undefined;
  for (const place of await services.kubeconfigPlaces(file.value)) {
    const text = place.origin === 'own' ? await services.files.read(place.path) : undefined;
    const context =
      text === undefined ? undefined : contextText(text, state.cluster.name, (path) => place.absolute(path));
    if (context !== undefined) return { path: place.path, context: state.cluster.name };
  }
  return undefined;
}
