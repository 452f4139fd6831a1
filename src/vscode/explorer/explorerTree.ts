import * as vscode from 'vscode';
import type { ClusterStore } from '../clusters/clusterStore';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { CLUSTERS_VIEW, COMMANDS } from '../ids';
import { markdownString, plain } from '../services/say';
import { clusterRow, type ExplorerRow } from './model';

/** A row together with its file; commands get it as their argument. */
export interface ExplorerItem {
  readonly uri: vscode.Uri;
  readonly row: ExplorerRow;
}

const COLORS = { good: 'testing.iconPassed', warning: 'list.warningForeground', bad: 'list.errorForeground' } as const;

/** The "Clusters" view: rows from the store; contacts nothing before it is visible. */
export function registerExplorer(store: ClusterStore, live: LiveWatcher): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.TreeDataProvider<ExplorerItem> = {
    onDidChangeTreeData: changed.event,
    async getChildren(item) {
      if (item !== undefined) return item.row.children.map((row) => ({ uri: item.uri, row }));
      const states = await store.all();
      return states.map((state) => ({
        uri: state.uri,
        row: clusterRow(state, vscode.workspace.asRelativePath(state.uri)),
      }));
    },
    getTreeItem: treeItem,
  };
  const view = vscode.window.createTreeView(CLUSTERS_VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const subscriptions = [
    changed,
    view,
    store.onDidChange(() => changed.fire()),
    view.onDidChangeVisibility(({ visible }) => live.setVisible('explorer', visible)),
  ];
  if (view.visible) live.setVisible('explorer', true);
  return vscode.Disposable.from(...subscriptions);
}

function treeItem({ uri, row }: ExplorerItem): vscode.TreeItem {
  const open =
    row.expanded === true ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const [label, description] = [plain(row.label), plain(row.description)];
  const item = new vscode.TreeItem(label, row.children.length > 0 ? open : vscode.TreeItemCollapsibleState.None);
  item.id = `${uri.toString()}#${row.id}`;
  item.description = description;
  item.tooltip = markdownString(row.tooltip);
  item.iconPath =
    row.color === undefined
      ? new vscode.ThemeIcon(row.icon)
      : new vscode.ThemeIcon(row.icon, new vscode.ThemeColor(COLORS[row.color]));
  item.contextValue = row.context;
  item.accessibilityInformation = { label: `${label}, ${description}` };
  if (row.path !== undefined)
    item.command = { title: 'Reveal in File', command: COMMANDS.revealNode, arguments: [uri, row.path] };
  return item;
}
