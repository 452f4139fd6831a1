import { PROVISIONING } from '../operations/offered';
import type { Operations } from '../operations/operations';

/** K3s HA: Provision Cluster — plan, confirm, carry out, then offer the kubeconfig. */
export function provisionCluster(operations: Operations, argument: unknown): Promise<void> {
  return operations.run(PROVISIONING, argument);
}
