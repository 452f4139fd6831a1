import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { MAX_NODES } from './answerLimits';
import type { Connection } from './connection';
import { fetchPages, type ListAnswer } from './pages';

export type NodeList = ListAnswer<unknown>;

/** All nodes, page by page, as the API sends them. */
export function fetchNodes(connection: Connection, signal: AbortSignal): Promise<Result<NodeList, Problem>> {
  return fetchPages(
    connection,
    { path: '/api/v1/nodes', items: 'nodes', most: MAX_NODES, read: (node) => node },
    signal,
  );
}
