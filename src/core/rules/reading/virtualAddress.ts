import type { LoadBalancer } from '../../cluster/cluster';

/** Whether the address moves between machines: carried by the servers, or by several load balancer hosts with keepalived. */
export function isVirtualAddress(balancer: LoadBalancer): boolean {
  return (
    balancer.type === 'kube-vip' ||
    ((balancer.type === 'haproxy' || balancer.type === 'nginx') && balancer.nodes.length > 1)
  );
}
