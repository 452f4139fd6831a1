import * as vscode from 'vscode';
import type { connectCluster } from '../../engine/access/connectCluster';
import { formatProblem, problem, problemIn, type Problem } from '../../core/base/problem';
import { problemSentence } from '../../core/base/problemSentence';
import { createNodeReader } from '../../core/health/nodeReader';
import type { NodeHealth } from '../../core/health/nodeHealth';
import type { LiveState } from '../../views/clusterState';
import { sayWarning } from '../services/say';
import { timeOf } from '../operations/readyPlan';
import { localFile } from '../services/localFile';
import type { Services } from '../services/services';
import type { ClusterStore } from './clusterStore';

/** Ages such as "3 min" are refreshed this often while somebody looks. */
const REDRAW_MS = 15_000;

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
  connect: typeof connectCluster,
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
    const file = localFile(uri, 'Watching a cluster');
    if (!file.ok) return store.setLive(uri, { kind: 'not-on-disk', problem: file.error });
    if (!vscode.workspace.isTrusted) return;
    stop(key);
    const controller = new AbortController();
    watches.set(key, controller);
    const { signal } = controller;
    const { hosts } = services.openSession(file.value, state);
    let nodes = 'nodes' in state.live ? state.live.nodes : [];
    try {
      store.setLive(uri, { kind: 'connecting', nodes });
      const warn = (message: string): void => services.log.warn(message);
      const sources = {
        files: services.files,
        places: await services.kubeconfigPlaces(file.value),
        warn,
        ...(overSsh ? { hosts } : {}),
      };
      const connection = await connect(state.cluster, sources, services.kubernetes(), signal);
      if (signal.aborted) return;
      if (connection.kind === 'unreachable') {
        services.log.warn(formatProblem(connection.problem));
        return store.setLive(uri, lost(connection.problem));
      }
      if (connection.kind !== 'reached') return store.setLive(uri, connection);
      const { endpoint, via, version } = connection.reached;
      services.log.info(
        `Watching the nodes of ${state.cluster.name} (${via === 'direct' ? 'directly' : `through ${via}`}, ${version})`,
      );
      const reader = createNodeReader();
      let isLive = false;
      const show = (seen: readonly NodeHealth[]): void => {
        answered.set(key, services.clock.now());
        if (isLive && seen === nodes) return;
        isLive = true;
        nodes = seen;
        store.setLive(uri, { kind: 'live', nodes, via, version });
      };
      const redraw = setInterval(() => {
        if (isLive) show(reader.later(services.clock.now()));
      }, REDRAW_MS);
      signal.addEventListener('abort', () => clearInterval(redraw));
      await services.kubernetes().watchNodes(
        endpoint,
        (list) => {
          if (!signal.aborted) show(reader.read(list, services.clock.now()));
        },
        (trouble) => {
          services.log.warn(formatProblem(trouble));
          // The cluster itself is well.
          if (trouble.code === 'address-idle-limit') return void sayWarning(problemSentence(trouble));
          isLive = false;
          if (!signal.aborted) store.setLive(uri, lost(trouble));
        },
        signal,
      );
      clearInterval(redraw);
    } catch (error) {
      services.log.error(`Watching ${file.value.path} stopped: ${String(error)}`);
      if (!signal.aborted) store.setLive(uri, lost(problemIn(error) ?? stopped(error)));
    } finally {
      await hosts.dispose();
    }

    function lost(found: Problem): LiveState {
      const last = answered.get(key);
      return { kind: 'lost', problem: found, nodes, ...(last === undefined ? {} : { lastSeen: timeOf(last) }) };
    }
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

function stopped(error: unknown): Problem {
  return problem('watch-failed', 'The cluster can no longer be watched', {
    why: String(error),
    nextSteps: ['Refresh the view.'],
  });
}
