import { later, said, say } from '../base/say';
import { oncePer } from '../base/remember';
import type { NodeState, Part, PartStatus, TopologyGraph } from './model';
import { printablePiece } from './printablePiece';

/** Live state of one node (or of a part named by its id, e.g. the load balancer). */
export interface NodeStatus extends PartStatus {
  readonly id: string;
}

/** From the state that needs attention most to the one that needs none. */
const WORST_FIRST: readonly NodeState[] = [
  'failed',
  'not-ready',
  'installing',
  'starting',
  'planned',
  'absent',
  'unknown',
  'ready',
];

const WORDS: Record<NodeState, string> = {
  failed: later`failed`,
  'not-ready': later`not ready`,
  installing: later`installing`,
  starting: later`starting`,
  planned: later`to be changed`,
  absent: later`not installed`,
  unknown: later`unknown`,
  ready: later`ready`,
};

/** The same object for the same status, so that what changed is found without comparing words. */
const partStatus = oncePer(({ id: _id, ...status }: NodeStatus): PartStatus => printablePiece(status));

/**
 * Status of every part that is drawn and has one, by part id: nodes as reported, groups summed up. Its words may be
 * shown as they are.
 */
export function overlayStatus(
  graph: TopologyGraph,
  statuses: readonly (NodeStatus | undefined)[],
  isDrawn: (partId: string) => boolean,
): Readonly<Record<string, PartStatus>> {
  const byId = new Map<string, NodeStatus>();
  for (const status of statuses) if (status !== undefined) byId.set(status.id, status);
  const result: Record<string, PartStatus> = {};
  for (const [id, nodeId] of partsWithState(graph)) {
    if (!isDrawn(id)) continue;
    const status = byId.get(id) ?? byId.get(nodeId);
    if (status !== undefined) result[id] = partStatus(status);
  }
  for (const [id, agents] of agentGroups(graph)) {
    if (!isDrawn(id)) continue;
    const states = agents.map((nodeId) => byId.get(nodeId)?.state ?? 'unknown');
    if (states.some((state) => state !== 'unknown')) result[id] = sum(states);
  }
  return result;
}

/** Every part but the groups, with the node whose state it has, or with itself. */
const partsWithState = oncePer(({ parts }: TopologyGraph) =>
  parts
    .filter(({ kind }) => kind !== 'agents')
    .map((part) => [part.id, isNode(part) ? (part.nodeId ?? part.id) : part.id] as const),
);

/** The groups of agents with the ids of their nodes. */
const agentGroups = oncePer(({ parts }: TopologyGraph) =>
  parts
    .filter(({ kind }) => kind === 'agents')
    .map(({ id, zone }) => {
      const agents = parts.filter((part) => part.kind === 'agent' && part.zone === zone);
      return [id, agents.map((part) => part.nodeId ?? part.id)] as const;
    }),
);

function isNode(part: Part): boolean {
  return part.kind === 'server' || part.kind === 'agent' || part.kind === 'etcd-member';
}

function sum(states: readonly NodeState[]): PartStatus {
  const state = WORST_FIRST.find((s) => states.includes(s)) ?? 'unknown';
  if (state === 'ready') return { state, words: states.length === 1 ? 'ready' : say`all ready` };
  const bad = WORST_FIRST.filter((s) => s !== 'ready' && states.includes(s)).map(
    (s) => `${states.filter((x) => x === s).length} ${said(WORDS[s])}`,
  );
  return { state, words: states.length === 1 ? said(WORDS[state]) : bad.slice(0, 2).join(say`, `) };
}
