import type { Cluster, ClusterNode } from './cluster';
import { apiPort } from './options';

/** `https://host:port`, with brackets around an IPv6 address. */
export function httpsUrl(host: string, port: number): string {
  return `https://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

/** A server's own registration address. */
export function serverUrl(cluster: Pick<Cluster, 'k3s'>, server: ClusterNode): string {
  return httpsUrl(server.address, apiPort(cluster, server));
}

/** Where agents register: the load balancer, or the first server when the file has none. */
export function registrationUrl(cluster: Cluster): string | undefined {
  const { loadBalancer } = cluster;
  if (loadBalancer !== undefined) return httpsUrl(loadBalancer.address, loadBalancer.port);
  const first = cluster.servers[0];
  return first === undefined ? undefined : serverUrl(cluster, first);
}
