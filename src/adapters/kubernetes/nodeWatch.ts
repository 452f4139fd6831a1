import type { Problem } from '../../core/base/problem';
import { idleLimit, idleLimitProblem, type Cut } from '../../core/loadBalancer/idleLimit';
import type { Clock, ApiEndpoint, Log } from '../../engine/ports';
import { MAX_NODES, tooMuchError } from './answerLimits';
import { explainFailure, explainStatus } from './apiProblem';
import type { Connection } from './connection';
import { isIdle, openConnection } from './connection';
import { fetchNodes } from './nodeList';

interface WatchDeps {
  readonly clock: Clock;
  readonly log: Pick<Log, 'debug'>;
  /** 0 … 1, spreads the reconnects of many editors. */
  readonly random: () => number;
  readonly listTimeoutMs: number;
  /** A watch that is silent for this long is opened anew: the other end may be gone without a word. */
  readonly idleTimeoutMs: number;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** The API ends a watch after this; it is then opened anew from where it was. */
const SERVER_TIMEOUT_S = 300;
const GONE = 410;
/** Cuts that are remembered to see whether they are alike. */
const MOST_CUTS = 3;

/** List, then watch; after any gap list again. Returns when aborted, or when the kubeconfig itself is unusable. */
export async function watchNodes(
  endpoint: ApiEndpoint,
  onNodes: (nodes: readonly unknown[]) => void,
  onProblem: (problem: Problem) => void,
  signal: AbortSignal,
  deps: WatchDeps,
): Promise<void> {
  let failures = 0;
  let told: string | undefined;
  let cuts: readonly Cut[] = [];
  let limitTold = false;
  while (!signal.aborted) {
    const opened = await openConnection(endpoint);
    if (!opened.ok) return onProblem(opened.error);
    const connection = opened.value;
    const close = (): void => void connection.close();
    signal.addEventListener('abort', close, { once: true });
    const { gap, cut } = await follow(connection, signal, deps, (nodes) => {
      failures = 0;
      told = undefined;
      onNodes(nodes);
    });
    signal.removeEventListener('abort', close);
    await connection.close();
    if (signal.aborted) return;
    // A tunnel has no load balancer on its way.
    cuts = cut === undefined || endpoint.connect !== undefined ? [] : [...cuts, cut].slice(-MOST_CUTS);
    const limit = idleLimit(cuts);
    if (limit !== undefined) {
      // The API is well: only the connection has to be opened anew.
      if (!limitTold) onProblem(idleLimitProblem(connection.server, limit));
      limitTold = true;
      continue;
    }
    // The same trouble at every attempt is told once.
    if (gap.code !== told) onProblem(gap);
    told = gap.code;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS) * (0.5 + deps.random() / 2);
    deps.log.debug(
      `Watching the nodes at ${connection.server} was interrupted (${gap.code}); next attempt in ${Math.round(pause)} ms`,
    );
    await deps.clock.sleep(pause, signal).catch(() => undefined);
  }
}

/** Follows the nodes over one connection until something goes wrong. */
async function follow(
  connection: Connection,
  signal: AbortSignal,
  deps: WatchDeps,
  onNodes: (nodes: readonly unknown[]) => void,
): Promise<Gap> {
  for (;;) {
    const list = await fetchNodes(connection, AbortSignal.any([signal, AbortSignal.timeout(deps.listTimeoutMs)]));
    if (!list.ok) return { gap: list.error };
    const nodes = new Map(list.value.items.map((item) => [nameOf(item), item]));
    onNodes([...nodes.values()]);
    let version = list.value.resourceVersion;
    for (let expired = false; !expired;) {
      const started = deps.clock.now();
      const end = await watchOnce(connection, nodes, version, deps, () => {
        if (!signal.aborted) onNodes([...nodes.values()]);
      });
      version = end.version;
      const now = deps.clock.now();
      if (end.problem !== undefined)
        return {
          gap: end.problem,
          ...(end.isCut ? { cut: { idleMs: now - end.heardAt, aliveMs: now - started } } : {}),
        };
      expired = end.expired;
      // A server or proxy that ends every watch at once must not be asked in a tight loop.
      const rest = FIRST_PAUSE_MS - (deps.clock.now() - started);
      if (rest > 0) await deps.clock.sleep(rest, signal).catch(() => undefined);
    }
  }
}

interface Gap {
  readonly gap: Problem;
  /** The connection ended in the middle of a watch. */
  readonly cut?: Cut;
}

interface WatchEnd {
  readonly version: string;
  /** The version is too old to watch on from: list again. */
  readonly expired: boolean;
  readonly problem?: Problem;
  /** When the last line came, or the watch was opened. */
  readonly heardAt: number;
  readonly isCut: boolean;
}

async function watchOnce(
  connection: Connection,
  nodes: Map<string, unknown>,
  from: string,
  deps: WatchDeps,
  onChange: () => void,
): Promise<WatchEnd> {
  const end: { version: string; expired: boolean; problem?: Problem; heardAt: number; isCut: boolean } = {
    version: from,
    expired: false,
    heardAt: deps.clock.now(),
    isCut: false,
  };
  const fail = (status: number, body: string): void => {
    if (status === GONE) end.expired = true;
    else end.problem ??= explainStatus(status, body, connection);
  };
  let due = false;
  // Events that came in one piece of data are shown as one change.
  const announce = (): void => {
    if (due) return;
    due = true;
    setImmediate(() => {
      due = false;
      onChange();
    });
  };
  const onLine = (line: string): void => {
    end.heardAt = deps.clock.now();
    const { type, object } = (JSON.parse(line) ?? {}) as { type?: unknown; object?: unknown };
    if (type === 'ERROR') return fail(codeOf(object), JSON.stringify(object) ?? '');
    end.version = versionOf(object) ?? end.version;
    if (type === 'BOOKMARK') return;
    if (type === 'DELETED') nodes.delete(nameOf(object));
    else nodes.set(nameOf(object), object);
    if (nodes.size > MAX_NODES) throw tooMuchError(connection.server, `more than ${MAX_NODES} nodes`);
    announce();
  };
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: from,
    timeoutSeconds: String(SERVER_TIMEOUT_S),
  });
  try {
    const answer = await connection.stream(`/api/v1/nodes?${query}`, deps.idleTimeoutMs, onLine);
    if (answer.status !== 200) fail(answer.status, answer.body);
  } catch (error) {
    if (!isIdle(error)) {
      end.problem ??= explainFailure(error, connection);
      end.isCut = end.problem.code === 'api-closed';
    }
  }
  return end;
}

function codeOf(object: unknown): number {
  const code = (object as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'number' ? code : 0;
}

function metadataOf(
  object: unknown,
): { readonly name?: unknown; readonly resourceVersion?: unknown } | null | undefined {
  return (object as { metadata?: { name?: unknown; resourceVersion?: unknown } | null } | null | undefined)?.metadata;
}

function nameOf(object: unknown): string {
  const name = metadataOf(object)?.name;
  return typeof name === 'string' ? name : '';
}

function versionOf(object: unknown): string | undefined {
  const version = metadataOf(object)?.resourceVersion;
  return typeof version === 'string' ? version : undefined;
}
