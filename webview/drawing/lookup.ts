import type { TopologySnapshot } from '../../src/contract/messages';

/** What is asked about every part of a snapshot, found at once: a thousand parts would search long lists. */
export interface Lookup {
  readonly failed: ReadonlySet<string>;
  /** Of them, those that are really down. */
  readonly down: ReadonlySet<string>;
  readonly cutOff: ReadonlySet<string>;
  readonly chosen: ReadonlySet<string>;
  readonly singlePoints: ReadonlyMap<string, TopologySnapshot['singlePoints'][number]>;
}

const known = new WeakMap<TopologySnapshot, Lookup>();

export function lookup(snapshot: TopologySnapshot): Lookup {
  const before = known.get(snapshot);
  if (before !== undefined) return before;
  const found: Lookup = {
    failed: new Set(snapshot.survival.failed),
    down: new Set(snapshot.down),
    cutOff: new Set(snapshot.survival.cutOff),
    chosen: new Set(snapshot.chosen),
    singlePoints: new Map(snapshot.singlePoints.map((point) => [point.partId, point])),
  };
  known.set(snapshot, found);
  return found;
}
