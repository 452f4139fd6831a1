import { sameItems } from '../base/remember';
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
  let objects: readonly unknown[] = [];
  let nodes: readonly NodeHealth[] = [];
  const keep = (nextObjects: readonly unknown[], next: readonly NodeHealth[]): readonly NodeHealth[] => {
    // A copy: the watch may go on writing to its list.
    objects = [...nextObjects];
    if (!sameItems(next, nodes)) nodes = next;
    return nodes;
  };
  return {
    read(list, now) {
      const known = lookup(() => new Map(objects.map((object, i) => [object, nodes[i]])));
      const byName = lookup(() => new Map(nodes.map((node) => [node.name, node])));
      // Nearly always all stand where they stood, and one was replaced.
      const inPlace = list.length === objects.length;
      const readNode = (object: unknown, i: number): NodeHealth => {
        const before = nodes[i];
        if (object === objects[i] && before !== undefined) return before;
        const moved = inPlace ? undefined : known().get(object);
        if (moved !== undefined) return moved;
        const read = nodeHealth(object, now);
        return sameOr(before?.name === read.name ? before : byName().get(read.name), read);
      };
      return keep(list, list.map(readNode));
    },
    later: (now) =>
      keep(
        objects,
        objects.map((object, i) => sameOr(nodes[i], nodeHealth(object, now))),
      ),
  };
}

/** Made only where something is looked up in it. */
function lookup<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Both are made by the same function, so that their keys have one order. */
function sameOr(before: NodeHealth | undefined, now: NodeHealth): NodeHealth {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
