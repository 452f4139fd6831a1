import { say } from '../../core/base/say';
import { formatProblem, problem, problemIn, type Problem } from '../../core/base/problem';
import { problemSentence } from '../../core/base/problemSentence';
import type { Liveness } from '../../core/health/liveness';
import { createNodeReader } from '../../core/health/nodeReader';
import type { NodeHealth } from '../../core/health/nodeHealth';
import { connectCluster } from '../../engine/access/connectCluster';
import { watchMachines } from '../../engine/liveness/watchMachines';
import type { ApiEndpoint } from '../../engine/ports';
import type { LiveState } from '../../views/clusterState';
import { timeOf } from '../operations/readyPlan';
import type { LocalFile } from '../services/localFile';
import { sayWarning } from '../services/say';
import type { Services } from '../services/services';
import type { ClusterStore, StoredCluster } from './clusterStore';

/** Ages such as "3 min" are refreshed this often while somebody looks. */
const REDRAW_MS = 15_000;

export interface Watch {
  readonly store: ClusterStore;
  readonly services: Services;
  /** A kubeconfig may be fetched from a server, and a server may be the way to the API. */
  readonly overSsh: boolean;
  /** By file, when the API was last known to answer, in milliseconds since 1970. */
  readonly answered: Map<string, number>;
  readonly signal: AbortSignal;
}

/** Watches one running cluster until aborted: its Nodes as the API tells them, and its machines themselves. */
export async function watchCluster(state: StoredCluster, file: LocalFile, watch: Watch): Promise<void> {
  const { store, services, overSsh, answered, signal } = watch;
  const { uri } = state;
  const key = uri.toString();
  const { hosts } = services.openSession(file, state);
  let nodes = 'nodes' in state.live ? state.live.nodes : [];
  let liveness: Liveness | undefined;
  try {
    store.setLive(uri, { kind: 'connecting', nodes });
    const warn = (message: string): void => services.log.warn(message);
    const sources = {
      files: services.files,
      places: await services.kubeconfigPlaces(file),
      warn,
      ...(overSsh ? { hosts } : {}),
    };
    const connection = await connectCluster(state.cluster, sources, services.kubernetes(), signal);
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
    /** What is shown while the API does not answer. */
    let trouble: Problem | undefined;
    let isLive = false;
    const tell = (): void => {
      if (signal.aborted) return;
      if (trouble !== undefined) store.setLive(uri, lost(trouble));
      else if (isLive) store.setLive(uri, { kind: 'live', nodes, via, version, ...seenItself() });
    };
    const show = (seen: readonly NodeHealth[]): void => {
      answered.set(key, services.clock.now());
      if (isLive && seen === nodes) return;
      isLive = true;
      trouble = undefined;
      nodes = seen;
      tell();
    };
    const redraw = setInterval(() => {
      if (isLive) show(reader.later(services.clock.now()));
    }, REDRAW_MS);
    signal.addEventListener('abort', () => clearInterval(redraw));
    const machines = askMachines(endpoint, (found) => {
      warnOfTaken(liveness, found);
      liveness = found;
      tell();
    });
    await services.kubernetes().watchNodes(
      endpoint,
      (list) => {
        if (!signal.aborted) show(reader.read(list, services.clock.now()));
      },
      (found) => {
        services.log.warn(formatProblem(found));
        // The cluster itself is well.
        if (found.code === 'address-idle-limit') return void sayWarning(problemSentence(found));
        isLive = false;
        trouble = found;
        tell();
      },
      signal,
    );
    clearInterval(redraw);
    await machines;
  } catch (error) {
    services.log.error(`Watching ${file.path} stopped: ${String(error)}`);
    if (!signal.aborted) store.setLive(uri, lost(problemIn(error) ?? stopped(error)));
  } finally {
    await hosts.dispose();
  }

  function seenItself(): { readonly liveness?: Liveness } {
    return liveness === undefined ? {} : { liveness };
  }

  async function askMachines(endpoint: ApiEndpoint, onChange: (liveness: Liveness) => void): Promise<void> {
    const doors = await services.kubernetes().openDoors(endpoint);
    if (!doors.ok) return services.log.warn(formatProblem(doors.error));
    const { clock, log } = services;
    try {
      await watchMachines(state.cluster, { doors: doors.value, clock, log, nodes: () => nodes }, onChange, signal);
    } finally {
      await doors.value.close();
    }
  }

  function lost(found: Problem): LiveState {
    const last = answered.get(key);
    return {
      kind: 'lost',
      problem: found,
      nodes,
      ...(last === undefined ? {} : { lastSeen: timeOf(last) }),
      ...seenItself(),
    };
  }
}

/** Traffic for one machine ends at another: nobody may have to look at the right row to learn that. */
function warnOfTaken(before: Liveness | undefined, now: Liveness): void {
  for (const [id, { state, words }] of now.machines)
    if (state === 'taken' && before?.machines.get(id)?.state !== 'taken') void sayWarning(say`${id} is ${words}.`);
}

function stopped(error: unknown): Problem {
  return problem('watch-failed', say`The cluster can no longer be watched`, {
    why: String(error),
    nextSteps: [say`Refresh the view.`],
  });
}
