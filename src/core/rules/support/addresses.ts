import type { ClusterNode } from '../../spec/cluster';
import { sameAddress } from '../../k3s/cidr';
import { listOf, scalarText } from './read';

/** The addresses and names under which other machines know the node. */
function ownAddresses(node: ClusterNode): readonly string[] {
  return [
    node.host,
    node.address,
    ...listOf(node.config['node-ip']),
    ...listOf(node.config['node-external-ip']),
    ...listOf(node.config['advertise-address']),
    ...listOf(node.name),
    ...listOf(node.config['node-name']),
  ].filter((address) => address !== '');
}

export function isOwnAddress(node: ClusterNode, address: string): boolean {
  return ownAddresses(node).some((own) => sameAddress(own, address));
}

/** A server URL taken apart without judging it; `undefined` for text that has no host. */
export function parseServerUrl(text: string): { readonly scheme?: string; readonly host: string; readonly port?: number } | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]+\]|[^\s:/?#[\]]+)(?::(\d+))?(?:[/?#].*)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, scheme, host = '', port] = match;
  return {
    ...(scheme === undefined ? {} : { scheme: scheme.toLowerCase() }),
    host,
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

/** The port K3s listens on for API and registration. */
export function listenPort(node: ClusterNode | undefined): number {
  const port = Number(scalarText(node?.config['https-listen-port']));
  return Number.isInteger(port) && port > 0 ? port : 6443;
}

/** `https://host:port` with brackets around an IPv6 address. */
export function serverUrl(host: string, port: number): string {
  return `https://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}
