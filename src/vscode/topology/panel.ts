import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { isFromWebview, type FromWebview, type ToWebview, type ViewState } from '../../contract/messages';
import { topologyHtml } from '../../contract/html';
import type { TopologySnapshot } from '../../core/topology/model';
import { pictureOf, snapshotOf, updateOf } from '../../views/diagram';
import type { ClusterStore } from '../clusters/clusterStore';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { COMMANDS } from '../ids';
import { loadLater } from '../lazy';
import type { BlockMarker } from '../services/blockMarker';
import { plain } from '../services/say';
import type { Services } from '../services/services';
import { changeCluster } from './changes';
import { partAt } from './partAt';

const EMPTY_VIEW: ViewState = { expanded: [], chosen: [], showList: false };

const ACTIONS: Readonly<Record<string, string>> = {
  provision: COMMANDS.provision,
  previewPlan: COMMANDS.previewPlan,
  refresh: COMMANDS.refresh,
};

export interface PanelDependencies {
  readonly store: ClusterStore;
  readonly live: Pick<LiveWatcher, 'setVisible'>;
  readonly services: Pick<Services, 'log' | 'vault' | 'extensionUri' | 'pageWords'>;
  readonly blocks: BlockMarker;
}

/** Draws a cluster file in a panel, and answers what its page asks for, until the panel is closed. */
export function servePanel(
  panel: vscode.WebviewPanel,
  uri: vscode.Uri,
  { store, live, services, blocks }: PanelDependencies,
): void {
  const key = uri.toString();
  let view = EMPTY_VIEW;
  let revision = 0;
  let ready = false;
  let looked = false;
  /** What the page shows, as far as it has been told; nothing while it has a whole snapshot to come. */
  let shown: TopologySnapshot | undefined;
  const post = (message: ToWebview): void => void panel.webview.postMessage(message);
  const update = async (): Promise<void> => {
    if (!ready || !panel.visible) return;
    const state = await store.get(uri);
    if (state === undefined) return;
    panel.title = plain(
      say`Topology: ${state.cluster.name === '' ? vscode.workspace.asRelativePath(uri) : state.cluster.name}`,
    );
    const snapshot = snapshotOf(state, view, revision + 1);
    const message = updateOf(shown, snapshot);
    if (message === undefined) return;
    revision = snapshot.revision;
    shown = snapshot;
    post(message);
  };
  /** What the page asks for is answered whether anything changed or not. */
  const answer = (): Promise<void> => {
    shown = undefined;
    return update();
  };
  /** Who plays a failure through wants to know what stops; once is enough, and *Show Workloads* reads them anew. */
  const lookAtWorkloads = async (): Promise<void> => {
    const state = await store.get(uri);
    if (looked || state?.live.kind !== 'live' || state.live.via !== 'direct' || state.workloads !== undefined) return;
    looked = true;
    await vscode.commands.executeCommand(COMMANDS.showWorkloads, uri);
  };
  const receive = async (message: FromWebview): Promise<void> => {
    switch (message.type) {
      case 'ready':
        ready = true;
        view = message.state ?? view;
        return answer();
      case 'viewState': {
        const redraw = view.expanded.join() !== message.state.expanded.join() || view.narrow !== message.state.narrow;
        view = message.state;
        return redraw ? answer() : undefined;
      }
      case 'fail':
        view = { ...view, chosen: message.partIds };
        await answer();
        return message.partIds.length > 0 ? lookAtWorkloads() : undefined;
      case 'select': {
        const state = await store.get(uri);
        const part =
          state === undefined
            ? undefined
            : pictureOf(state, view).picture.graph.parts.find(({ id }) => id === message.partId);
        if (part === undefined) return undefined;
        return message.open
          ? vscode.commands.executeCommand(COMMANDS.revealNode, {
              uri,
              path: part.path,
              column: vscode.ViewColumn.One,
            })
          : blocks.show(uri, part.path);
      }
      case 'edit': {
        const state = await store.get(uri);
        return state === undefined ? undefined : changeCluster(services.vault, state, message);
      }
      case 'export': {
        const state = await store.get(uri);
        return state === undefined ? undefined : loadLater().exportTopology(state, message);
      }
      case 'action': {
        const command = ACTIONS[message.id];
        if (command !== undefined) await vscode.commands.executeCommand(command, uri);
      }
    }
  };
  const highlight = async (editor: vscode.TextEditor): Promise<void> => {
    const state = await store.get(uri);
    if (state === undefined) return;
    const partId = partAt(
      pictureOf(state, view).picture.graph,
      state.document,
      editor.document.offsetAt(editor.selection.active),
    );
    post({ type: 'highlight', ...(partId === undefined ? {} : { partId }) });
  };
  const subscriptions = [
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (isFromWebview(message)) void receive(message);
      else services.log.warn('The topology panel sent a message that nobody understands; it was ignored.');
    }),
    panel.onDidChangeViewState(() => {
      // A page that was hidden begins anew and asks for everything, in its own time.
      if (!panel.visible) shown = undefined;
      void update();
    }),
    store.onDidChange((changed) => {
      if (changed === undefined || changed.toString() === key) void update();
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (ready && panel.visible && textEditor.document.uri.toString() === key) void highlight(textEditor);
    }),
  ];
  panel.onDidDispose(() => {
    vscode.Disposable.from(...subscriptions).dispose();
    live.setVisible(`topology ${key}`, false);
  });
  const dist = vscode.Uri.joinPath(services.extensionUri, 'dist');
  panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
  const media = (name: string): vscode.Uri => vscode.Uri.joinPath(services.extensionUri, 'media', name);
  panel.iconPath = { light: media('file-light.svg'), dark: media('file-dark.svg') };
  panel.webview.html = topologyHtml({
    scriptUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'topology.js')).toString(),
    styleUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'topology.css')).toString(),
    nonce: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    ),
    cspSource: panel.webview.cspSource,
    title: say`Topology`,
    words: services.pageWords(),
  });
  live.setVisible(`topology ${key}`, true);
}
