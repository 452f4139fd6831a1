import type { HostTarget } from '../ports';

/** How a machine is reached. */
export function target({ id, host, ssh }: HostTarget): HostTarget {
  return { id, host, ssh };
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
