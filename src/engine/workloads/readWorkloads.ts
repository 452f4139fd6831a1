import type { Problem } from '../../core/base/problem';
import { ok, type Result } from '../../core/base/result';
import { nodeHealth } from '../../core/health/nodeHealth';
import { readSeenNode } from '../../core/workloads/seenNode';
import type { ReadWorkloads } from '../../core/workloads/seenWorkloads';
import type { ApiEndpoint, Clock, ClusterApi } from '../ports';

/** Reads what workloads are judged by. Changes nothing. */
export async function readWorkloads(
  endpoint: ApiEndpoint,
  { api, clock }: { readonly api: Pick<ClusterApi, 'listWorkloads'>; readonly clock: Clock },
  signal?: AbortSignal,
): Promise<Result<ReadWorkloads, Problem>> {
  const listed = await api.listWorkloads(endpoint, signal);
  if (!listed.ok) return listed;
  const { nodes, ...rest } = listed.value;
  const readAt = clock.now();
  return ok({
    seen: { ...rest, nodes: nodes.map(readSeenNode) },
    live: nodes.map((node) => nodeHealth(node, readAt)),
    readAt,
  });
}
