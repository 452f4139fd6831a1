import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { localFile } from '../services/localFile';
import type { Services } from '../services/services';
import type { ClusterStore } from './clusterStore';
import type { watchCluster as WatchCluster } from './watchCluster';

/** Watches the running clusters while a view shows them; nothing is contacted before, and nothing in an untrusted or a virtual workspace. */
export interface LiveWatcher extends vscode.Disposable {
  /** A viewer (the explorer, a diagram) looks or no longer looks. */
  setVisible(viewer: string, visible: boolean): void;
  /** Connects anew; `overSsh` may fetch the kubeconfig from a server when none is on this machine. */
  refresh(uri: vscode.Uri, options: { readonly overSsh: boolean }): Promise<void>;
}

export function createLiveWatcher(
  store: ClusterStore,
  services: Services,
  watchCluster: typeof WatchCluster,
): LiveWatcher {
  const watches = new Map<string, AbortController>();
  const viewers = new Set<string>();
  /** By file, when the API was last known to answer, in milliseconds since 1970. */
  const answered = new Map<string, number>();

  const stop = (key: string): void => {
    watches.get(key)?.abort();
    watches.delete(key);
  };

  const watch = async (uri: vscode.Uri, overSsh: boolean): Promise<void> => {
    const key = uri.toString();
    const state = await store.get(uri);
    if (state === undefined) return;
    const file = localFile(uri, say`Watching a cluster`);
    if (!file.ok) return store.setLive(uri, { kind: 'not-on-disk', problem: file.error });
    if (!vscode.workspace.isTrusted) return;
    stop(key);
    const controller = new AbortController();
    watches.set(key, controller);
    await watchCluster(state, file.value, { store, services, overSsh, answered, signal: controller.signal });
  };

  const watchAll = async (): Promise<void> => {
    for (const state of await store.all()) if (!watches.has(state.uri.toString())) void watch(state.uri, false);
  };
  const subscription = vscode.workspace.onDidGrantWorkspaceTrust(() => {
    if (viewers.size > 0) void watchAll();
  });

  return {
    setVisible(viewer, visible) {
      const looked = viewers.size > 0;
      if (visible) viewers.add(viewer);
      else viewers.delete(viewer);
      const looks = viewers.size > 0;
      if (looks && !looked) void watchAll();
      if (looked && !looks) for (const key of [...watches.keys()]) stop(key);
    },
    async refresh(uri, { overSsh }) {
      void watch(uri, overSsh);
    },
    dispose: () => {
      subscription.dispose();
      for (const key of [...watches.keys()]) stop(key);
    },
  };
}
