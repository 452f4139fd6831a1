import type { Outlook, TopologySnapshot, WholeStatus } from './model';
import type { DrawnCluster } from './picture';
import { printablePiece } from './printablePiece';
import { overlayStatus, type NodeStatus } from './status';

export interface SnapshotInput extends WholeStatus {
  readonly statuses: readonly (NodeStatus | undefined)[];
  readonly revision: number;
  /** URI of the cluster file. */
  readonly file: string;
  readonly title: string;
}

/** Everything the diagram needs: the picture with the state of its parts laid over it, and what failures mean. All words in it may be shown as they are. */
export function topologySnapshot(
  { picture, whole }: DrawnCluster,
  outlook: Outlook,
  input: SnapshotInput,
): TopologySnapshot {
  const { statuses, revision, file, ...words } = input;
  const status = overlayStatus(whole, statuses, (id) => picture.layout.boxes[id] !== undefined);
  return { ...picture, ...outlook, ...printablePiece(words), revision, file, status };
}
