import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { ok } from '../../core/base/result';
import { readBudget } from '../../core/remote/pods';
import { readSeenPod } from '../../core/workloads/seenPod';
import { readLocalVolume } from '../../core/workloads/seenWorkloads';
import type { WorkloadList } from '../../engine/ports';
import { MAX_PODS } from './answerLimits';
import type { Connection } from './connection';
import { fetchNodes } from './nodeList';
import { fetchPages } from './pages';

/** Nodes, pods, budgets for disruption and volumes, in pages; nothing of them is changed or kept open. */
export async function fetchWorkloads(
  connection: Connection,
  signal: AbortSignal,
): Promise<Result<WorkloadList, Problem>> {
  const list = <T>(
    path: string,
    items: string,
    read: (item: unknown) => T,
  ): Promise<Result<{ readonly items: readonly T[] }, Problem>> =>
    fetchPages(connection, { path, items, most: MAX_PODS, read }, signal);
  const nodes = await fetchNodes(connection, signal);
  if (!nodes.ok) return nodes;
  const pods = await list('/api/v1/pods', 'pods', readSeenPod);
  if (!pods.ok) return pods;
  const budgets = await list('/apis/policy/v1/poddisruptionbudgets', 'budgets for disruption', readBudget);
  if (!budgets.ok) return budgets;
  const volumes = await list('/api/v1/persistentvolumes', 'volumes', readLocalVolume);
  if (!volumes.ok) return volumes;
  return ok({
    nodes: nodes.value.items,
    pods: pods.value.items,
    budgets: budgets.value.items,
    volumes: volumes.value.items.filter((volume) => volume !== undefined),
  });
}
