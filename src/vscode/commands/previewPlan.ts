import { PROVISIONING } from '../operations/offered';
import type { Operations } from '../operations/operations';

/** K3s HA: Preview Plan — what would happen on which host, as a document that goes on from there. Changes nothing. */
export function previewPlan(operations: Operations, argument: unknown): Promise<void> {
  return operations.preview(PROVISIONING, argument);
}
