import * as vscode from 'vscode';
import { statusBarEntry } from '../views/statusBar';
import type { ClusterStore, StoredCluster } from './clusters/clusterStore';
import { CLUSTERS_VIEW } from './ids';
import { isClusterFile } from './services/clusterFile';
import { frontPanel, onDidChangeFrontPanel } from './services/frontPanel';
import { markdownString, plain } from './services/say';

/** One item: the cluster of the file or of the diagram in front, else the last one that was heard of; hidden when there is nothing to say. */
export function registerStatusBar(store: ClusterStore): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('k3s-ha.status', vscode.StatusBarAlignment.Left, 0);
  item.name = 'K3s HA';
  item.command = `${CLUSTERS_VIEW}.focus`;
  let live: StoredCluster | undefined;
  const update = async (uri?: vscode.Uri): Promise<void> => {
    const changed = uri === undefined ? undefined : await store.get(uri);
    if (changed !== undefined && changed.live.kind !== 'idle') live = changed;
    const front = inFront();
    const shown = front === undefined ? live : await store.get(front);
    // Reading takes its time; whoever came to the front meanwhile has an update of its own.
    if (front?.toString() !== inFront()?.toString()) return;
    if (shown === undefined) return item.hide();
    const { icon, text, tooltip } = statusBarEntry(shown, vscode.workspace.asRelativePath(shown.uri));
    item.text = `$(${icon}) ${plain(text)}`;
    item.tooltip = markdownString(tooltip);
    item.show();
  };
  const refresh = (uri?: vscode.Uri): void => void update(uri);
  refresh();
  return vscode.Disposable.from(
    item,
    store.onDidChange(refresh),
    vscode.window.onDidChangeActiveTextEditor(() => refresh()),
    onDidChangeFrontPanel(() => refresh()),
  );
}

function inFront(): vscode.Uri | undefined {
  const active = vscode.window.activeTextEditor?.document;
  return active !== undefined && isClusterFile(active) ? active.uri : frontPanel();
}
