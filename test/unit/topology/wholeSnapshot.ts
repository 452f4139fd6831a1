import type { Head, TopologySnapshot } from '../../../src/core/topology/model';
import { outlookOf } from '../../../src/core/topology/outlook';
import { drawCluster, type PictureInput } from '../../../src/core/topology/picture';
import { topologySnapshot, type SnapshotInput } from '../../../src/core/topology/snapshot';

interface WholeInput extends PictureInput, Omit<SnapshotInput, 'head'> {
  readonly chosen: readonly string[];
  /** Parts that are really down. */
  readonly down?: readonly string[];
  readonly silent?: boolean;
  /** What differs from the head of a cluster as designed. */
  readonly head?: Partial<Head>;
}

/** A snapshot with a picture of its own. */
export function wholeSnapshot(input: WholeInput): TopologySnapshot {
  const { cluster, findings, chosen, expanded, down = [], silent = false, head, ...rest } = input;
  const drawn = drawCluster({ cluster, findings, expanded });
  return topologySnapshot(drawn, outlookOf(drawn, { cluster: drawn.cluster, down, silent }, chosen), {
    ...rest,
    head: {
      mode: chosen.length > 0 ? 'what if' : 'as designed',
      base: 'as designed',
      note: '',
      outcome: 'yes',
      words: drawn.verdict,
      question: chosen.length > 0 ? `What if ${chosen.map((id) => id.split(':')[1]).join(', ')} fails` : 'As designed',
      warning: '',
      ...head,
    },
  });
}
