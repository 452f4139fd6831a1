import { later, said, say } from '../base/say';
import { duration } from '../base/duration';
import { count } from '../base/words';
import type { WorkloadFate } from './fates';
import { packagedAddon } from './packagedAddons';
import type { Obstacle } from './places';

/** Each in at most 18 characters, and as the rest of a sentence that begins with the workload. */
const OBSTACLES: Readonly<Record<Obstacle, readonly [brief: string, words: (by: string) => string]>> = {
  'local-volume': [later`local volume`, (by) => say`its volume ${by} lies on that node and nowhere else`],
  'host-path': [
    later`data on its node`,
    (by) => say`it writes to ${by} of its node (hostPath), which no other node has`,
  ],
  'no-node-fits': [later`no node fits`, () => say`no other node has what its node selector or affinity asks for`],
  tainted: [later`taints keep it off`, () => say`the other nodes have taints that it does not tolerate`],
  closed: [later`others are closed`, () => say`the nodes that it fits are cordoned or not Ready`],
  apart: [later`must stay apart`, () => say`its anti-affinity allows no two of it in one place, and no place is free`],
  'no-room': [later`no room elsewhere`, () => say`no other node has room for what it requests`],
  'not-made-anew': [later`not made anew`, () => say`it is a pod of its own: nothing makes it anew`],
  'kept-by-name': [
    later`StatefulSet waits`,
    () => say`a StatefulSet makes no second pod of a name until the node is back or removed from the cluster`,
  ],
  'never-leaves': [later`bound to its node`, () => say`it tolerates for ever that its node is unreachable`],
  'nobody-decides': [later`nothing reschedules`, () => say`no server is left that could start it elsewhere`],
};

/** `shop/web` */
export function workloadName({ namespace, name }: Pick<WorkloadFate, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** Why, in at most 18 characters. */
export function briefReason({ outcome, obstacle, left, lost, pauseSeconds }: WorkloadFate): string {
  if (outcome === 'pauses') return say`away ~${duration(pauseSeconds * 1000)}`;
  if (outcome === 'fewer') return say`${left} of ${left + lost} go on`;
  return obstacle === undefined ? say`moves` : said(OBSTACLES[obstacle][0]);
}

/** `Deployment shop/web stops: its volume data lies on that node and nowhere else.` */
export function fateSentence(fate: WorkloadFate): string {
  const { kind, outcome, obstacle, by = '', left, lost, emptyDir } = fate;
  const subject = `${kind} ${workloadName(fate)}`;
  const why = obstacle === undefined ? undefined : OBSTACLES[obstacle][1](by);
  const lack = packagedAddon(fate)?.lack;
  const so = lack === undefined || outcome === 'moves' || outcome === 'fewer' ? '' : say` Meanwhile ${said(lack)}.`;
  const note = emptyDir && outcome !== 'stops' ? say` What it has in an emptyDir is lost.` : '';
  switch (outcome) {
    case 'stops':
      return say`${subject} stops: ${all(lost)}, and ${why ?? say`it is not made anew`}.${so}`;
    case 'pauses':
      return say`${subject} is away for about ${duration(fate.pauseSeconds * 1000)}: ${all(lost)}, and Kubernetes waits that long before it starts ${lost === 1 ? 'it' : 'them'} elsewhere.${so}${note}`;
    case 'fewer':
      return say`${subject} goes on with ${left} of ${left + lost}: ${why ?? say`the others are not made anew`}.${note}`;
    case 'moves':
      return say`${subject} goes on with ${left} of ${left + lost}, and gets the others back elsewhere.${note}`;
  }
}

function all(lost: number): string {
  return lost === 1 ? say`its only pod goes` : say`all of its ${count(lost, 'pod')} go`;
}
