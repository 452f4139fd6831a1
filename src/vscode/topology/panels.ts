import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { isViewState } from '../../contract/messages';
import type { ClusterStore } from '../clusters/clusterStore';
import { TOPOLOGY_PANEL } from '../ids';
import { loadViews } from '../lazyViews';
import { chooseClusterFile } from '../services/clusterFile';
import { tellFrontPanel } from '../services/frontPanel';
import type { PanelDependencies } from './panel';

/** Topology panels: one for each cluster file, restored after a reload. */
export interface TopologyPanels extends vscode.Disposable {
  show(argument: unknown): Promise<void>;
}

export function registerTopology(dependencies: PanelDependencies): TopologyPanels {
  const { store } = dependencies;
  const panels = new Map<string, vscode.WebviewPanel>();

  const wire = (panel: vscode.WebviewPanel, uri: vscode.Uri): void => {
    const key = uri.toString();
    panels.set(key, panel);
    panel.onDidDispose(() => {
      if (panels.get(key) === panel) panels.delete(key);
      tellFrontPanel(uri, false);
    });
    panel.onDidChangeViewState(() => tellFrontPanel(uri, panel.active));
    tellFrontPanel(uri, panel.active);
    loadViews().servePanel(panel, uri, dependencies);
  };

  const serializer = vscode.window.registerWebviewPanelSerializer(TOPOLOGY_PANEL, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const file = isViewState(state) ? state.file : undefined;
      const uri = file === undefined ? await onlyFile(store) : vscode.Uri.parse(file);
      if (uri === undefined) panel.dispose();
      else wire(panel, uri);
    },
  });

  // Where several files are open, the picture of the one that is edited comes to the front.
  const following = vscode.window.onDidChangeActiveTextEditor((editor) => {
    const panel = editor === undefined ? undefined : panels.get(editor.document.uri.toString());
    if (panel?.visible === false) panel.reveal(undefined, true);
  });

  return {
    async show(argument) {
      const uri = await chooseClusterFile(argument, say`Show Topology`);
      if (uri === undefined) return;
      const open = panels.get(uri.toString());
      if (open !== undefined) return open.reveal();
      wire(
        vscode.window.createWebviewPanel(
          TOPOLOGY_PANEL,
          say`Topology`,
          { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
          { enableScripts: true },
        ),
        uri,
      );
    },
    dispose: () => {
      serializer.dispose();
      following.dispose();
      for (const panel of [...panels.values()]) panel.dispose();
    },
  };
}

async function onlyFile(store: ClusterStore): Promise<vscode.Uri | undefined> {
  return (await store.all())[0]?.uri;
}
