import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { err, ok } from '../../core/base/result';
import type { ApiEndpoint, ApiVersion, Clock, ClusterApi, Log, MachineDoorSource, ObjectApi } from '../../engine/ports';
import { systemClock } from '../system/clock';
import { cancelled, explainStatus } from './apiProblem';
import type { Connection } from './connection';
import { openConnection } from './connection';
import { openDoors } from './doors';
import { fetchNodes } from './nodeList';
import { watchNodes } from './nodeWatch';
import { ask } from './pages';
import { applyObject, readObject } from './objects';
import { fetchWorkloads } from './workloadList';

interface ClusterApiDeps {
  readonly log: Pick<Log, 'debug'>;
  readonly clock?: Clock;
  /** 0 … 1, for the spread of reconnects. */
  readonly random?: () => number;
  /** For one question to the API, connection included. Default: 10 s. */
  readonly timeoutMs?: number;
  /** For the whole list of nodes. Default: 60 s. */
  readonly listTimeoutMs?: number;
  /** Silence after which a watch is opened anew. Default: 75 s. */
  readonly idleTimeoutMs?: number;
}

/** The Kubernetes API over HTTPS with the kubeconfig's CA and identity; TLS is always verified. */
export function createClusterApi(deps: ClusterApiDeps): ClusterApi & MachineDoorSource & ObjectApi {
  const {
    log,
    clock = systemClock,
    random = Math.random,
    timeoutMs = 10_000,
    listTimeoutMs = 60_000,
    // The API sends a bookmark a minute; idle limits of 50 s, as HAProxy has them in distributions, show before that.
    idleTimeoutMs = 75_000,
  } = deps;
  return {
    verify: (endpoint, signal) => withConnection(endpoint, timeoutMs, signal, verify),
    listNodes: (endpoint, signal) =>
      withConnection(endpoint, listTimeoutMs, signal, async (connection, limit) => {
        const list = await fetchNodes(connection, limit);
        return list.ok ? ok(list.value.items) : list;
      }),
    listWorkloads: (endpoint, signal) => withConnection(endpoint, listTimeoutMs, signal, fetchWorkloads),
    readObject: (endpoint, path, signal) =>
      withConnection(endpoint, timeoutMs, signal, (connection, limit) => readObject(connection, path, limit)),
    applyObject: (endpoint, path, object, signal) =>
      withConnection(endpoint, timeoutMs, signal, (connection, limit) => applyObject(connection, path, object, limit)),
    openDoors,
    watchNodes: (endpoint, onNodes, onProblem, signal) =>
      watchNodes(endpoint, onNodes, onProblem, signal, { log, clock, random, listTimeoutMs, idleTimeoutMs }),
  };
}

/** Runs a task over a connection of its own, within a time limit. */
async function withConnection<T>(
  endpoint: ApiEndpoint,
  limitMs: number,
  signal: AbortSignal | undefined,
  task: (connection: Connection, limit: AbortSignal) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  const isCancelled = (): boolean => signal?.aborted === true;
  if (isCancelled()) return err(cancelled());
  const opened = await openConnection(endpoint);
  if (!opened.ok) return opened;
  const timeout = AbortSignal.timeout(limitMs);
  try {
    const result = await task(opened.value, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
    return isCancelled() ? err(cancelled()) : result;
  } finally {
    await opened.value.close();
  }
}

async function verify(connection: Connection, limit: AbortSignal): Promise<Result<ApiVersion, Problem>> {
  const ready = await ask(connection, '/readyz', limit);
  if (!ready.ok) return ready;
  if (ready.value.status !== 200) return err(explainStatus(ready.value.status, ready.value.body, connection));
  const version = await ask(connection, '/version', limit);
  if (!version.ok) return version;
  const gitVersion = version.value.status === 200 ? versionIn(version.value.body) : undefined;
  return gitVersion === undefined
    ? err(explainStatus(version.value.status, version.value.body, connection))
    : ok({ gitVersion });
}

function versionIn(body: string): string | undefined {
  try {
    const { gitVersion } = JSON.parse(body) as { gitVersion?: unknown };
    return typeof gitVersion === 'string' ? gitVersion : undefined;
  } catch {
    return undefined;
  }
}
