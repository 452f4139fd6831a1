import type { EdgeKind, NodeState, Part, PartKind, PartStatus, TopologySnapshot } from '../../src/contract/messages';
import { lookup } from './lookup';

const KIND: Record<PartKind, string> = {
  clients: 'outside the cluster',
  'load-balancer': 'fixed address',
  'balancer-host': 'load balancer host',
  address: 'registration address',
  server: 'server',
  'etcd-member': 'etcd member',
  database: 'external datastore',
  sqlite: 'datastore',
  agents: 'group of agents',
  agent: 'agent',
  zone: 'zone',
  network: '',
};

export const STATE_WORDS: Record<NodeState, string> = {
  planned: 'to be changed',
  unknown: 'unknown',
  absent: 'not installed',
  installing: 'installing',
  starting: 'starting',
  'not-ready': 'not ready',
  ready: 'ready',
  failed: 'failed',
};

/** Everything the picture shows about a part, as one line of text: name, address, state, findings, kind, zone. */
export function describePart(part: Part, snapshot: TopologySnapshot): string {
  const status = snapshot.status[part.id];
  const { chosen, cutOff, down, singlePoints } = lookup(snapshot);
  const single = singlePoints.get(part.id);
  // What stands in the box comes first, in the same order, so that it can also be called by voice.
  const facts = [
    part.label,
    part.detail,
    part.kind === 'network' && chosen.has(part.id)
      ? 'cut'
      : down.has(part.id)
        ? (troubleOf(part.id, snapshot)?.words ?? 'down')
        : cutOff.has(part.id)
          ? 'what if: cut off'
          : isDown(part.id, snapshot)
            ? 'what if: down'
            : status?.words,
    ...countMarks(part.marks),
    KIND[part.kind],
    part.zone === undefined || part.kind === 'zone' ? undefined : `zone ${part.zone}`,
    ...(snapshot.simulation?.[part.nodeId ?? part.id]?.words ?? []),
    single === undefined ? undefined : single.certain ? 'single point of failure' : 'its redundancy is not in the file',
  ];
  return facts.filter((fact) => fact !== undefined && fact !== '').join(', ');
}

export function isDown(partId: string, snapshot: TopologySnapshot): boolean {
  return lookup(snapshot).failed.has(partId);
}

/** What a part that is really down says of itself; nothing where only what it is part of is known to be down. */
export function troubleOf(partId: string, snapshot: TopologySnapshot): PartStatus | undefined {
  const status = snapshot.status[partId];
  return status === undefined || status.state === 'ready' ? undefined : status;
}

/** Clients are outside of the cluster: their failure is not ours to judge. */
export function canFail(part: Part): boolean {
  return part.kind !== 'clients';
}

/** `2 errors`, or `3 findings: 1 error, 2 warnings`: begins with the number that the picture shows. */
function countMarks(marks: Part['marks']): readonly string[] {
  const counts = (['error', 'warning', 'info', 'hint'] as const).flatMap((severity) => {
    const n = marks.filter((m) => m.severity === severity).length;
    const noun = { error: 'error', warning: 'warning', info: 'note', hint: 'hint' }[severity];
    return n === 0 ? [] : [`${n} ${noun}${n === 1 ? '' : 's'}`];
  });
  return counts.length > 1 ? [`${marks.length} findings: ${counts.join(', ')}`] : counts;
}

export const EDGE_WORDS: Record<EdgeKind, string> = {
  api: 'Kubernetes API',
  forward: 'passed on to a server',
  registration: 'registration',
  'client-lb': "agents' own load balancer",
  datastore: 'datastore',
  peer: 'etcd members among themselves',
  vrrp: 'keepalived, VRRP (IP protocol 112)',
};
