import type { ClusterNode } from '../../cluster/cluster';
import type { HostTrials } from '../hostCheck';

/** A node whose kubelet some servers do not reach, although it has one. */
export interface LostTunnel {
  readonly node: ClusterNode;
  /** Servers that do not reach it, and the ones that do. */
  readonly without: readonly string[];
  readonly through: readonly string[];
  /** What the first of them was told. */
  readonly words: string;
}

/** What a server says that holds no tunnel of this node. https://github.com/k3s-io/k3s/issues/13279 */
const NO_SESSION = /failed to find Session/i;

/**
 * The tunnels that are not there, node by node. A node that no server reaches has another trouble, unless a server says itself
 * that it has no session of it.
 */
export function lostTunnels(
  nodes: readonly ClusterNode[],
  nameOf: (node: ClusterNode) => string,
  tunnels: NonNullable<HostTrials['tunnels']>,
): readonly LostTunnel[] {
  return nodes.flatMap((node) => {
    const name = nameOf(node);
    const asked = [...tunnels].filter(([, answers]) => answers.has(name));
    const through = asked.filter(([, answers]) => answers.get(name) === undefined).map(([id]) => id);
    const lost = asked.flatMap(([id, answers]) => {
      const words = answers.get(name);
      return words !== undefined && (through.length > 0 || NO_SESSION.test(words)) ? [{ id, words }] : [];
    });
    const [first] = lost;
    return first === undefined ? [] : [{ node, without: lost.map(({ id }) => id), through, words: first.words }];
  });
}
