import { say } from '../../../src/core/base/say';
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
  const { cluster, findings, chosen, expanded, narrow, down = [], silent = false, head, ...rest } = input;
  const drawn = drawCluster({ cluster, findings, expanded, ...(narrow === undefined ? {} : { narrow }) });
  const outlook = outlookOf(drawn, { cluster: drawn.cluster, down, silent }, chosen);
  return topologySnapshot(drawn, outlook, {
    ...rest,
    head: {
      mode: chosen.length > 0 ? 'what if' : 'as designed',
      base: 'as designed',
      note: '',
      outcome: outlook.survival.api.outcome,
      words: chosen.length > 0 ? outlook.survival.api.reason : drawn.verdict,
      question:
        chosen.length > 0
          ? say`What if ${chosen.map((id) => id.split(':')[1]).join(', ')} ${'fails'}${''}`
          : say`As designed, with everything up`,
      warning: '',
      ...(chosen.length > 0 ? { ...(head?.base === undefined ? {} : { base: head.base }) } : head),
    },
  });
}
