import type { AddressFinding, AddressView } from './addressFinding';
import { backendFindings } from './backendFindings';
import { carrierFindings } from './carrierFindings';
import { doorFindings } from './doorFindings';
import { nameFindings } from './nameFindings';

const WEIGHT = { error: 0, warning: 1, note: 2 } as const;

/** What is wrong with the fixed address of a cluster, the worst first. Pure: the same sights give the same findings. */
export function addressFindings(view: AddressView): readonly AddressFinding[] {
  return [...nameFindings(view), ...doorFindings(view), ...carrierFindings(view), ...backendFindings(view)].sort(
    (a, b) => WEIGHT[a.severity] - WEIGHT[b.severity],
  );
}
