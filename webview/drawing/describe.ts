import { later, said, say } from '../../src/core/base/say';
import { count } from '../../src/core/base/words';
import type {
  EdgeKind,
  Mark,
  NodeState,
  Part,
  PartKind,
  PartStatus,
  TopologySnapshot,
} from '../../src/contract/messages';
import { lookup } from './lookup';

const KIND: Record<PartKind, string> = {
  clients: later`outside the cluster`,
  'load-balancer': later`fixed address`,
  'balancer-host': later`load balancer host`,
  address: later`registration address`,
  server: later`server`,
  'etcd-member': later`etcd member`,
  database: later`external datastore`,
  sqlite: later`datastore`,
  agents: later`group of agents`,
  agent: later`agent`,
  zone: later`zone`,
  network: '',
};

export const STATE_WORDS: Record<NodeState, string> = {
  planned: later`to be changed`,
  unknown: later`unknown`,
  absent: later`not installed`,
  installing: later`installing`,
  starting: later`starting`,
  'not-ready': later`not ready`,
  ready: later`ready`,
  failed: later`failed`,
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
      ? say`cut`
      : down.has(part.id)
        ? (troubleOf(part.id, snapshot)?.words ?? say`down`)
        : cutOff.has(part.id)
          ? say`what if: cut off`
          : isDown(part.id, snapshot)
            ? say`what if: down`
            : status?.words,
    ...countMarks(part.marks),
    said(KIND[part.kind]),
    part.zone === undefined || part.kind === 'zone' ? undefined : say`zone ${part.zone}`,
    ...(snapshot.simulation?.[part.nodeId ?? part.id]?.words ?? []),
    single === undefined
      ? undefined
      : single.certain
        ? say`single point of failure`
        : say`its redundancy is not in the file`,
  ];
  return facts.filter((fact) => fact !== undefined && fact !== '').join(say`, `);
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
    return n === 0 ? [] : [countSeverity(severity, n)];
  });
  return counts.length > 1 ? [say`${marks.length} findings: ${counts.join(say`, `)}`] : counts;
}

function countSeverity(severity: Mark['severity'], n: number): string {
  switch (severity) {
    case 'error':
      return count(n, 'error');
    case 'warning':
      return count(n, 'warning');
    case 'info':
      return count(n, 'note');
    case 'hint':
      return count(n, 'hint');
  }
}

const SEVERITY: Record<Mark['severity'], string> = {
  error: later`error`,
  warning: later`warning`,
  info: later`note`,
  hint: later`hint`,
};

/** How bad a finding is, in a word. */
export function severityWord({ severity }: Pick<Mark, 'severity'>): string {
  return said(SEVERITY[severity]);
}

const MODE: Record<TopologySnapshot['head']['mode'], string> = {
  'as designed': later`as designed`,
  now: later`now`,
  'last known': later`last known`,
  'what if': later`what if`,
};

/** What the picture is of, in a word or two. */
export function modeWord(mode: TopologySnapshot['head']['mode']): string {
  return said(MODE[mode]);
}

export const EDGE_WORDS: Record<EdgeKind, string> = {
  api: later`Kubernetes API`,
  forward: later`passed on to a server`,
  registration: later`registration`,
  'client-lb': later`agents' own load balancer`,
  datastore: later`datastore`,
  peer: later`etcd members among themselves`,
  vrrp: later`keepalived, VRRP (IP protocol 112)`,
};
