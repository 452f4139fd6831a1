import { nodeHealth, type NodeHealth } from './nodeHealth';

/**
 * Reads the Node objects of a watch again and again. What means the same stays the same object, the list included: of a
 * thousand kubelets some report every second, and nearly always the same.
 */
export interface NodeReader {
  /** What the objects mean; of those that it has read before, what they meant then. */
  read(objects: readonly unknown[], now: number): readonly NodeHealth[];
  /** What they mean now that time has gone on: how old they are, and for how long they have been as they are. */
  later(now: number): readonly NodeHealth[];
}

export function createNodeReader(): NodeReader {
  let known: ReadonlyMap<unknown, NodeHealth> = new Map();
  let nodes: readonly NodeHealth[] = [];
  const keep = (next: ReadonlyMap<unknown, NodeHealth>): readonly NodeHealth[] => {
    known = next;
    const list = [...next.values()];
    if (list.length !== nodes.length || list.some((node, i) => node !== nodes[i])) nodes = list;
    return nodes;
  };
  return {
    read(objects, now) {
      let byName: ReadonlyMap<string, NodeHealth> | undefined;
      const fresh = (object: unknown): NodeHealth => {
        const read = nodeHealth(object, now);
        byName ??= new Map(nodes.map((node) => [node.name, node]));
        return sameOr(byName.get(read.name), read);
      };
      return keep(new Map(objects.map((object) => [object, known.get(object) ?? fresh(object)])));
    },
    later: (now) =>
      keep(new Map([...known].map(([object, before]) => [object, sameOr(before, nodeHealth(object, now))]))),
  };
}

/** Both are made by the same function, so that their keys have one order. */
function sameOr(before: NodeHealth | undefined, now: NodeHealth): NodeHealth {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
