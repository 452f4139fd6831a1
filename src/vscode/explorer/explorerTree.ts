import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { Path } from '../../core/base/path';
import { lastPer } from '../../core/base/remember';
import { count } from '../../core/base/words';
import { keyOf, type ExplorerRow } from '../../views/explorerRow';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { CLUSTERS_VIEW, COMMANDS } from '../ids';
import { loadViews } from '../lazyViews';
import { plain } from '../services/say';
import { rowCard } from './rowCard';

/** A row together with its file; commands get it as their argument. It stays the same object: VS Code knows the row by it. */
interface ExplorerItem {
  readonly uri: vscode.Uri;
  /** Where the file describes it. */
  readonly path: Path;
  row: ExplorerRow;
}

const COLORS = {
  good: 'testing.iconPassed',
  warning: 'list.warningForeground',
  bad: 'list.errorForeground',
  stale: 'disabledForeground',
} as const;

/** The "Clusters" view: rows from the store; contacts nothing before it is visible. */
export function registerExplorer(store: ClusterStore, live: Pick<LiveWatcher, 'setVisible'>): vscode.Disposable {
  const changed = new vscode.EventEmitter<ExplorerItem[] | undefined>();
  const items = new Map<string, ExplorerItem>();
  const asked = new Set<string>();
  const itemOf = (uri: vscode.Uri, row: ExplorerRow): ExplorerItem => {
    const id = idOf(uri, row);
    const item: ExplorerItem = items.get(id) ?? {
      uri,
      row,
      get path() {
        return this.row.path ?? [];
      },
    };
    item.row = row;
    items.set(id, item);
    return item;
  };
  const names = new Map<string, string>();
  const troubles = new Map<string, number>();
  const rootOf = (state: StoredCluster): ExplorerRow => {
    const key = state.uri.toString();
    names.set(key, state.cluster.name);
    const label = vscode.workspace.asRelativePath(state.uri);
    const row = loadViews().clusterRow(state, label, [...names.values()]);
    troubles.set(key, loadViews().attentionCount(row));
    showBadge();
    return row;
  };
  const showBadge = (): void => {
    const value = [...troubles.values()].reduce((sum, each) => sum + each, 0);
    view.badge =
      value === 0 ? undefined : { value, tooltip: say`${count(value, 'thing')} of your clusters to look at` };
  };
  /** Only rows that look different are drawn again, with those below them. */
  const redraw = async (uri: vscode.Uri | undefined): Promise<void> => {
    const state = uri === undefined ? undefined : await store.get(uri);
    // Nobody has looked at the view, and nothing is known that could be a reason to.
    if (items.size === 0 && (state === undefined || state.live.kind === 'idle')) return changed.fire(undefined);
    const now = state === undefined ? undefined : rootOf(state);
    const before = state === undefined || now === undefined ? undefined : items.get(idOf(state.uri, now));
    if (state === undefined || now === undefined || before === undefined) {
      items.clear();
      return changed.fire(undefined);
    }
    const drawn = loadViews()
      .rowChanges(before.row, now)
      .flatMap(({ row, visible }) => {
        const item = items.get(idOf(state.uri, row));
        if (item === undefined) return [];
        item.row = row;
        return visible ? [item] : [];
      });
    if (drawn.length > 0) changed.fire(drawn);
  };
  const provider: vscode.TreeDataProvider<ExplorerItem> = {
    onDidChangeTreeData: changed.event,
    async getChildren(item) {
      // What is read over SSH is read when somebody opens it first; it comes with the next change of the state.
      if (item?.row.unread === true && !asked.has(idOf(item.uri, item.row))) {
        asked.add(idOf(item.uri, item.row));
        void vscode.commands.executeCommand(
          item.row.context === 'workloads' ? COMMANDS.showWorkloads : COMMANDS.listSnapshots,
          item,
        );
      }
      if (item !== undefined) return item.row.children.map((row) => itemOf(item.uri, row));
      const states = await store.all();
      names.clear();
      troubles.clear();
      for (const { uri, cluster } of states) names.set(uri.toString(), cluster.name);
      if (states.length === 0) showBadge();
      return states.map((state) => itemOf(state.uri, rootOf(state)));
    },
    getTreeItem: (item) => treeItem(item, item.row),
  };
  const view = vscode.window.createTreeView(CLUSTERS_VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const tellTrust = (): void => {
    view.message = vscode.workspace.isTrusted
      ? undefined
      : say`Restricted Mode: files are checked and drawn, machines are not contacted. Trust this workspace to go on.`;
  };
  tellTrust();
  const subscriptions = [
    changed,
    vscode.workspace.onDidGrantWorkspaceTrust(tellTrust),
    view,
    store.onDidChange((uri) => void redraw(uri)),
    view.onDidChangeVisibility(({ visible }) => live.setVisible('explorer', visible)),
  ];
  if (view.visible) live.setVisible('explorer', true);
  return vscode.Disposable.from(...subscriptions);
}

function idOf(uri: vscode.Uri, row: ExplorerRow): string {
  return `${uri.toString()}#${keyOf(row)}`;
}

const treeItem = lastPer(({ uri }: ExplorerItem, row: ExplorerRow): vscode.TreeItem => {
  const open =
    row.expanded === true ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const [label, description] = [plain(row.label), plain(row.description)];
  const item = new vscode.TreeItem(
    label,
    row.children.length > 0 || row.unread === true ? open : vscode.TreeItemCollapsibleState.None,
  );
  item.id = idOf(uri, row);
  item.description = description;
  item.tooltip = rowCard(uri, row);
  item.iconPath =
    row.color === undefined
      ? new vscode.ThemeIcon(row.icon)
      : new vscode.ThemeIcon(row.icon, new vscode.ThemeColor(COLORS[row.color]));
  item.contextValue = row.can === undefined ? row.context : `${row.context} ${row.can}`;
  const spoken = row.spoken === undefined ? description : plain(row.spoken);
  item.accessibilityInformation = { label: [label, spoken].filter((part) => part !== '').join(', ') };
  if (row.context === 'history')
    item.command = { title: say`Show History`, command: COMMANDS.showHistory, arguments: [{ uri }] };
  if (row.path !== undefined)
    item.command = {
      title: say`Reveal in File`,
      command: COMMANDS.revealNode,
      arguments: [{ uri, path: row.path, glance: true }],
    };
  return item;
});
