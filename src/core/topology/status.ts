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
  failed: 'failed',
  'not-ready': 'not ready',
  installing: 'installing',
  starting: 'starting',
  planned: 'to be changed',
  absent: 'not installed',
  unknown: 'unknown',
  ready: 'ready',
};

/** The same object for the same status, so that what changed is found without comparing words. */
const partStatus = oncePer(({ id: _id, ...status }: NodeStatus): PartStatus => printablePiece(status));

/**
 * Status of every part that is drawn and has one, by part id: nodes as reported, groups summed up. Its words may be
 * shown as they are.
 */
export function overlayStatus(
  graph: TopologyGraph,
  statuses: readonly NodeStatus[],
  isDrawn: (partId: string) => boolean,
): Readonly<Record<string, PartStatus>> {
  const byId = new Map<string, PartStatus>();
  for (const status of statuses) byId.set(status.id, partStatus(status));
  const result: Record<string, PartStatus> = {};
  const groups = new Map<string | undefined, NodeState[]>();
  for (const part of graph.parts) {
    const status = byId.get(part.id) ?? (isNode(part) && part.nodeId !== undefined ? byId.get(part.nodeId) : undefined);
    if (status !== undefined && isDrawn(part.id)) result[part.id] = status;
    if (part.kind === 'agent') {
      const states = groups.get(part.zone) ?? [];
      states.push(status?.state ?? 'unknown');
      groups.set(part.zone, states);
    }
  }
  for (const group of graph.parts.filter((p) => p.kind === 'agents')) {
    const states = groups.get(group.zone) ?? [];
    if (isDrawn(group.id) && states.some((state) => state !== 'unknown')) result[group.id] = sum(states);
  }
  return result;
}

function isNode(part: Part): boolean {
  return part.kind === 'server' || part.kind === 'agent' || part.kind === 'etcd-member';
}

function sum(states: readonly NodeState[]): PartStatus {
  const state = WORST_FIRST.find((s) => states.includes(s)) ?? 'unknown';
  if (state === 'ready') return { state, words: states.length === 1 ? 'ready' : 'all ready' };
  const bad = WORST_FIRST.filter((s) => s !== 'ready' && states.includes(s)).map(
    (s) => `${states.filter((x) => x === s).length} ${WORDS[s]}`,
  );
  return { state, words: states.length === 1 ? WORDS[state] : bad.slice(0, 2).join(', ') };
}
