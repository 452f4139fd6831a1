import type { K3sCluster } from './cluster';
import type { LeaseObject } from './leaseStore';
import type { NodeObject } from './nodeStore';

/** The lease that a kubelet renews; how long it has not done so is a time of the fleet. */
export function nodeLease(cluster: K3sCluster, { metadata }: NodeObject, now: number): LeaseObject {
  const { name, creationTimestamp } = metadata;
  const renewed = new Date(now - (cluster.silence.get(name) ?? 0)).toISOString().replace('Z', '000Z');
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease', creationTimestamp },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: renewed },
  };
}
