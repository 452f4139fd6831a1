import { duration } from '../base/duration';
import { count } from '../base/words';
import type { WorkloadFate } from './fates';
import { packagedAddon } from './packagedAddons';
import type { Obstacle } from './places';

/** Each in at most 18 characters, and as the rest of a sentence that begins with the workload. */
const OBSTACLES: Readonly<Record<Obstacle, readonly [brief: string, words: (by: string) => string]>> = {
  'local-volume': ['local volume', (by) => `its volume ${by} lies on that node and nowhere else`],
  'host-path': ['data on its node', (by) => `it writes to ${by} of its node (hostPath), which no other node has`],
  'no-node-fits': ['no node fits', () => 'no other node has what its node selector or affinity asks for'],
  tainted: ['taints keep it off', () => 'the other nodes have taints that it does not tolerate'],
  closed: ['others are closed', () => 'the nodes that it fits are cordoned or not Ready'],
  apart: ['must stay apart', () => 'its anti-affinity allows no two of it in one place, and no place is free'],
  'no-room': ['no room elsewhere', () => 'no other node has room for what it requests'],
  'not-made-anew': ['not made anew', () => 'it is a pod of its own: nothing makes it anew'],
  'kept-by-name': [
    'StatefulSet waits',
    () => 'a StatefulSet makes no second pod of a name until the node is back or removed from the cluster',
  ],
  'never-leaves': ['bound to its node', () => 'it tolerates for ever that its node is unreachable'],
  'nobody-decides': ['nothing reschedules', () => 'no server is left that could start it elsewhere'],
};

/** `shop/web` */
export function workloadName({ namespace, name }: Pick<WorkloadFate, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** Why, in at most 18 characters. */
export function briefReason({ outcome, obstacle, left, lost, pauseSeconds }: WorkloadFate): string {
  if (outcome === 'pauses') return `away ~${duration(pauseSeconds * 1000)}`;
  if (outcome === 'fewer') return `${left} of ${left + lost} go on`;
  return obstacle === undefined ? 'moves' : OBSTACLES[obstacle][0];
}

/** `Deployment shop/web stops: its volume data lies on that node and nowhere else.` */
export function fateSentence(fate: WorkloadFate): string {
  const { kind, outcome, obstacle, by = '', left, lost, emptyDir } = fate;
  const subject = `${kind} ${workloadName(fate)}`;
  const why = obstacle === undefined ? undefined : OBSTACLES[obstacle][1](by);
  const lack = packagedAddon(fate)?.lack;
  const so = lack === undefined || outcome === 'moves' || outcome === 'fewer' ? '' : ` Meanwhile ${lack}.`;
  const note = emptyDir && outcome !== 'stops' ? ' What it has in an emptyDir is lost.' : '';
  switch (outcome) {
    case 'stops':
      return `${subject} stops: ${all(lost)}, and ${why ?? 'it is not made anew'}.${so}`;
    case 'pauses':
      return `${subject} is away for about ${duration(fate.pauseSeconds * 1000)}: ${all(lost)}, and Kubernetes waits that long before it starts ${lost === 1 ? 'it' : 'them'} elsewhere.${so}${note}`;
    case 'fewer':
      return `${subject} goes on with ${left} of ${left + lost}: ${why ?? 'the others are not made anew'}.${note}`;
    case 'moves':
      return `${subject} goes on with ${left} of ${left + lost}, and gets the others back elsewhere.${note}`;
  }
}

function all(lost: number): string {
  return lost === 1 ? 'its only pod goes' : `all of its ${count(lost, 'pod')} go`;
}
