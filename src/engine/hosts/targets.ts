import type { ClusterNode } from '../../core/cluster/cluster';
import type { HostTarget } from '../ports';

/** The machine behind a node. */
export function target(node: ClusterNode): HostTarget {
  return { id: node.id, host: node.host, ssh: node.ssh };
}

/** Runs `work` for every item with at most `limit` at the same time; results in the order of the items. */
export async function mapLimit<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
