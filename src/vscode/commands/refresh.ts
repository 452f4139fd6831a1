import * as vscode from 'vscode';
import type { ClusterStore } from '../clusters/clusterStore';
import type { LiveWatcher } from '../clusters/liveWatcher';

/** K3s HA: Refresh — connects anew to every cluster, over SSH where this machine has no kubeconfig of it. */
export async function refresh(store: ClusterStore, live: LiveWatcher): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage('The workspace is not trusted: files are shown, machines are not contacted.');
    return;
  }
  const states = await store.all();
  if (states.length === 0) void vscode.window.showInformationMessage('There is no cluster file (*.k3s.yaml) in this workspace.');
  await Promise.all(states.map((state) => live.refresh(state.uri, { overSsh: true })));
}
