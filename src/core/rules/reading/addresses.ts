import type { ClusterNode } from '../../cluster/cluster';
import { canonicalAddress } from '../../k3s/cidr';
import { listOf } from '../../cluster/configValue';
import { writtenList } from '../../cluster/written';

// Nodes stay the same objects while their entries do, and most rules ask the same nodes at every keystroke.
const addressesOfNode = new WeakMap<ClusterNode, readonly string[]>();

/** The addresses and names under which other machines know the node, in the spelling of {@link canonicalAddress}. */
export function ownAddresses(node: ClusterNode): readonly string[] {
  const known = addressesOfNode.get(node);
  if (known !== undefined) return known;
  const written = [
    node.host,
    node.address,
    ...writtenList(node, 'node-ip'),
    ...writtenList(node, 'node-external-ip'),
    ...writtenList(node, 'advertise-address'),
    ...listOf(node.name),
    ...writtenList(node, 'node-name'),
  ];
  const addresses = [...new Set(written.filter((address) => address !== '').map(canonicalAddress))];
  addressesOfNode.set(node, addresses);
  return addresses;
}

/** Whether other machines know the node under this address or name. */
export function isOwnAddress(node: ClusterNode, address: string): boolean {
  return ownAddresses(node).includes(canonicalAddress(address));
}

const ownersOfNodes = new WeakMap<readonly ClusterNode[], ReadonlyMap<string, ClusterNode>>();

/** The first of the nodes that is known under this address or name; made for being asked about many addresses. */
export function ownerOf(nodes: readonly ClusterNode[], address: string): ClusterNode | undefined {
  const owners = ownersOfNodes.get(nodes) ?? indexOwners(nodes);
  ownersOfNodes.set(nodes, owners);
  return owners.get(canonicalAddress(address));
}

function indexOwners(nodes: readonly ClusterNode[]): ReadonlyMap<string, ClusterNode> {
  const owners = new Map<string, ClusterNode>();
  for (const node of nodes)
    for (const address of ownAddresses(node)) if (!owners.has(address)) owners.set(address, node);
  return owners;
}

/** A server URL taken apart without judging it; `undefined` for text that has no host. */
export function parseServerUrl(
  text: string,
): { readonly scheme?: string; readonly host: string; readonly port?: number } | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]+\]|[^\s:/?#[\]]+)(?::(\d+))?(?:[/?#].*)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, scheme, host = '', port] = match;
  return {
    ...(scheme === undefined ? {} : { scheme: scheme.toLowerCase() }),
    host,
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}
