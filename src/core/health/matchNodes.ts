import { oncePer } from '../base/remember';
import { nodesOf } from '../cluster/roles';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import type { NodeHealth } from './nodeHealth';

export interface MatchedNodes {
  /** Every declared node, in its order, with the place of its live node in their list if there is one. */
  readonly matched: readonly (readonly [ClusterNode, number | undefined])[];
  /** Live nodes that no declared node stands for. */
  readonly undeclared: readonly NodeHealth[];
}

/** One way to recognise a node: it is the same when both sides have a text in common. */
interface Likeness {
  readonly declared: (node: ClusterNode) => readonly string[];
  readonly live: (node: NodeHealth) => readonly string[];
}

const LIKENESSES: readonly Likeness[] = [
  // `with-node-id` appends eight hexadecimal digits to the name. https://docs.k3s.io/cli/agent
  {
    declared: ({ name }) => (name === undefined ? [] : [name.toLowerCase()]),
    live: ({ name }) => [name, name.replace(/-[0-9a-f]{8}$/, '')],
  },
  { declared: ({ address, host }) => [address, host], live: ({ addresses }) => addresses },
  // Without a name in the file K3s takes the host name, which is often what people write as the host.
  {
    declared: ({ name, host }) =>
      name === undefined ? [host.toLowerCase(), host.toLowerCase().split('.')[0] ?? ''] : [],
    live: ({ name }) => [name],
  },
];

/** Finds each declared node among the live ones: by name first, then by address. A live node is given out once. */
export function matchNodes(cluster: Cluster, live: readonly NodeHealth[]): MatchedNodes {
  const last = lastMatch(cluster);
  if (last.live === undefined || !alike(last.live, live)) Object.assign(last, match(nodesOf(cluster), live), { live });
  return { matched: last.matched, undeclared: last.free.map((at) => live[at]).filter((node) => node !== undefined) };
}

/** Who is who stays while nodes only change their state. */
interface Match {
  matched: MatchedNodes['matched'];
  /** Places of the live nodes that no declared node stands for. */
  free: readonly number[];
  live?: readonly NodeHealth[];
}

const lastMatch = oncePer((_cluster: Cluster): Match => ({ matched: [], free: [] }));

/** Whether two lists look the same to every {@link Likeness}. */
function alike(before: readonly NodeHealth[], now: readonly NodeHealth[]): boolean {
  return (
    before.length === now.length &&
    now.every((node, i) => {
      const other = before[i];
      return (
        other === node ||
        (other?.name === node.name &&
          other.addresses.length === node.addresses.length &&
          node.addresses.every((address, at) => address === other.addresses[at]))
      );
    })
  );
}

function match(declared: readonly ClusterNode[], live: readonly NodeHealth[]): Omit<Match, 'live'> {
  const found = new Map<ClusterNode, NodeHealth>();
  const free = new Set(live);
  for (const likeness of LIKENESSES) {
    const byText = indexed(live, likeness);
    for (const node of declared) {
      if (found.has(node)) continue;
      const match = firstFree(likeness.declared(node), byText, free);
      if (match === undefined) continue;
      found.set(node, match);
      free.delete(match);
    }
  }
  const places = new Map(live.map((node, at) => [node, at]));
  return {
    matched: declared.map((node) => {
      const one = found.get(node);
      return [node, one === undefined ? undefined : places.get(one)];
    }),
    free: live.flatMap((node, at) => (free.has(node) ? [at] : [])),
  };
}

interface Ranked {
  readonly rank: number;
  readonly node: NodeHealth;
}

/** Live nodes by the texts that they are known under, the last one first: those at the end are taken. */
function indexed(live: readonly NodeHealth[], { live: texts }: Likeness): ReadonlyMap<string, Ranked[]> {
  const byText = new Map<string, Ranked[]>();
  for (let rank = live.length - 1; rank >= 0; rank -= 1) {
    const node = live[rank];
    for (const text of new Set(node === undefined ? [] : texts(node))) {
      const same = byText.get(text);
      if (node === undefined) continue;
      if (same === undefined) byText.set(text, [{ rank, node }]);
      else same.push({ rank, node });
    }
  }
  return byText;
}

/** Nodes that are given out go from the lists for good, so that none is looked at twice. */
function firstFree(
  texts: readonly string[],
  byText: ReadonlyMap<string, Ranked[]>,
  free: ReadonlySet<NodeHealth>,
): NodeHealth | undefined {
  const candidates = texts.flatMap((text) => {
    const list = byText.get(text) ?? [];
    for (let last = list.at(-1); last !== undefined && !free.has(last.node); last = list.at(-1)) list.pop();
    return list.at(-1) ?? [];
  });
  return candidates.sort((a, b) => a.rank - b.rank)[0]?.node;
}
