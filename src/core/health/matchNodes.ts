import type { ClusterNode } from '../spec/cluster';
import type { NodeHealth } from './nodeHealth';

interface MatchedNodes {
  /** Every declared node, in its order, with its live node if there is one. */
  readonly matched: readonly (readonly [ClusterNode, NodeHealth | undefined])[];
  /** Live nodes that no declared node stands for. */
  readonly undeclared: readonly NodeHealth[];
}

/** Finds each declared node among the live ones: by name first, then by address. A live node is given out once. */
export function matchNodes(declared: readonly ClusterNode[], live: readonly NodeHealth[]): MatchedNodes {
  const found = new Map<ClusterNode, NodeHealth>();
  const free = new Set(live);
  for (const isSame of [hasName, hasAddress, hasHostName]) {
    const byKey = [...free];
    for (const node of declared) {
      if (found.has(node)) continue;
      const match = byKey.find((candidate) => free.has(candidate) && isSame(node, candidate));
      if (match === undefined) continue;
      found.set(node, match);
      free.delete(match);
    }
  }
  return { matched: declared.map((node) => [node, found.get(node)]), undeclared: live.filter((node) => free.has(node)) };
}

/** `with-node-id` appends eight hexadecimal digits to the name. https://docs.k3s.io/cli/agent */
function hasName(node: ClusterNode, live: NodeHealth): boolean {
  const name = node.name?.toLowerCase();
  return name !== undefined && (live.name === name || live.name.replace(/-[0-9a-f]{8}$/, '') === name);
}

function hasAddress(node: ClusterNode, live: NodeHealth): boolean {
  return live.addresses.includes(node.address) || live.addresses.includes(node.host);
}

/** Without a name in the file K3s takes the host name, which is often what people write as the host. */
function hasHostName(node: ClusterNode, live: NodeHealth): boolean {
  const host = node.host.toLowerCase();
  return node.name === undefined && (live.name === host || live.name === host.split('.')[0]);
}
