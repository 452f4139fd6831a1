import type { Cluster, ClusterNode } from '../cluster/cluster';
import { apiPort } from '../cluster/options';
import { apiServers } from '../cluster/roles';

/** A server behind the load balancer. */
export interface Backend {
  /** Unique, in the letters that every proxy takes. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** The servers that answer the Kubernetes API; a home of etcd alone never stands behind the load balancer. */
export function backendsOf(cluster: Cluster): readonly Backend[] {
  return apiServers(cluster).map((server) => ({
    name: backendName(server),
    address: server.address,
    port: apiPort(cluster, server),
  }));
}

/** What a server is called in the configuration of a proxy. */
export function backendName({ id }: Pick<ClusterNode, 'id'>): string {
  return id.replaceAll(/[^A-Za-z0-9_.-]/g, '_');
}

/** Whether a text may stand in the configuration of a proxy: an address or a name, and nothing that would end the word. */
export function isPlainAddress(text: string): boolean {
  return /^[A-Za-z0-9_.:-]+$/.test(text);
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort({ address, port }: Pick<Backend, 'address' | 'port'>): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
