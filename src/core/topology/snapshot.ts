import type { PartStatus, WholeStatus, TopologySnapshot } from './model';
import type { DrawnCluster } from './picture';
import { printablePiece } from './printablePiece';
import { overlayStatus, type NodeStatus } from './status';

export interface SnapshotInput extends WholeStatus {
  readonly statuses: readonly NodeStatus[];
  readonly revision: number;
  /** URI of the cluster file. */
  readonly file: string;
  readonly title: string;
}

/** Everything the diagram needs: the picture with the state of its parts laid over it. All words in it may be shown as they are. */
export function topologySnapshot({ picture, whole }: DrawnCluster, input: SnapshotInput): TopologySnapshot {
  const { statuses, revision, file, ...words } = input;
  const status: Record<string, PartStatus> = {};
  for (const [id, one] of Object.entries(overlayStatus(whole, statuses)))
    if (picture.layout.boxes[id] !== undefined) status[id] = one;
  return { ...picture, ...printablePiece(words), revision, file, status };
}
