import type { TopologySnapshot } from '../../../src/core/topology/model';
import { drawCluster, type PictureInput } from '../../../src/core/topology/picture';
import { topologySnapshot, type SnapshotInput } from '../../../src/core/topology/snapshot';

/** A snapshot with a picture of its own. */
export function wholeSnapshot(input: PictureInput & SnapshotInput): TopologySnapshot {
  const { cluster, findings, chosen, expanded, ...rest } = input;
  return topologySnapshot(drawCluster({ cluster, findings, chosen, expanded }), rest);
}
