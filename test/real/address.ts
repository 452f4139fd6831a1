import type { Cluster } from '../../src/core/cluster/cluster';

/** `host:port` of the fixed address, as a URL has it; undefined without one. */
export function fixedAddress({ loadBalancer }: Cluster): string | undefined {
  if (loadBalancer === undefined) return undefined;
  const { address, port } = loadBalancer;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
