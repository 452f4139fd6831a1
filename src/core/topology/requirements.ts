import { say } from '../base/say';
import { count, listed } from '../base/words';
import type { Cluster } from '../cluster/cluster';
import { apiServers } from '../cluster/roles';
import { abridge } from './abridge';
import { buildGraph } from './graph';
import { balancerHostPart, serverPart, zonePart } from './ids';
import type { Survival } from './model';
import { zonesOf } from './roles';
import { survives } from './survival';

/** What a cluster can be required to survive: the API goes on to answer at the fixed address. */
export const REQUIREMENTS = ['any-server', 'any-zone', 'balancer'] as const;
export type Requirement = (typeof REQUIREMENTS)[number];

/** Whether a requirement holds; `words` is a sentence that says why not, or what was tried. */
export interface Judgement {
  readonly requirement: Requirement;
  readonly holds: boolean;
  readonly words: string;
}

/** One thing that fails, and what still works then. */
export interface Failure {
  readonly partId: string;
  readonly label: string;
  readonly survival: Survival;
}

const ALONE = ['server', 'zone', 'network', 'balancer-host', 'database'];

/** What follows when each part that the API may hang on fails alone, on top of what is `down`. */
export function singleFailures(whole: Cluster, down: readonly string[] = []): readonly Failure[] {
  const { cluster } = abridge(whole);
  const gone = new Set(survives(cluster, down).failed);
  const { loadBalancer: balancer } = cluster;
  // Otherwise it is as available as the machines that it lives on.
  const addressFails = balancer !== undefined && balancer.type !== 'kube-vip' && balancer.nodes.length === 0;
  return buildGraph(cluster, []).parts.flatMap(({ id, kind, label, nodeId }) => {
    const alone =
      ALONE.includes(kind) ||
      (kind === 'load-balancer' && addressFails) ||
      (kind === 'etcd-member' && nodeId === undefined);
    if (gone.has(id) || !alone) return [];
    return [
      { partId: id, label: kind === 'zone' ? say`zone ${label}` : label, survival: survives(cluster, [...down, id]) },
    ];
  });
}

/** Whether a cluster survives what is required of it, on top of what is `down`. */
export function judge(whole: Cluster, requirement: Requirement, down: readonly string[] = []): Judgement {
  const { cluster } = abridge(whole);
  const judged = (holds: boolean, words: string): Judgement => ({ requirement, holds, words });
  const { api, failed } = survives(cluster, down);
  if (api.outcome === 'no') return judged(false, say`Nothing has failed yet, and the API is not there: ${api.reason}`);
  const gone = new Set(failed);
  const play = (candidates: readonly Candidate[]): Judgement => {
    const left = candidates.filter(({ id }) => !gone.has(id));
    const fatal = left.flatMap(({ id, label }) => {
      const then = survives(cluster, [...down, id]).api;
      return then.outcome === 'no' ? [say`Without ${label} the API is gone: ${then.reason}`] : [];
    });
    const [first] = fatal;
    if (first === undefined)
      return judged(true, say`The API goes on whichever fails of ${listed(left.map(({ label }) => label))}.`);
    return judged(false, fatal.length === 1 ? first : say`${first} So it is with ${count(fatal.length - 1, 'other')}.`);
  };
  if (requirement === 'any-server')
    return play(cluster.servers.map(({ id, name }) => ({ id: serverPart(id), label: name ?? id })));
  if (requirement === 'any-zone') {
    const zones = zonesOf(apiServers(cluster));
    const named = zones.filter((zone) => zone !== undefined);
    if (named.length < zones.length)
      return judged(false, say`Servers without a zone: nobody knows what they fail with.`);
    if (named.length < 2) return judged(false, say`All servers are in one zone, ${named.join('')}.`);
    return play(named.map((zone) => ({ id: zonePart(zone), label: say`zone ${zone}` })));
  }
  const balancer = cluster.loadBalancer;
  if (balancer === undefined) return judged(false, say`There is no fixed address: clients hang on one server.`);
  if (balancer.type === 'kube-vip') {
    const { holds, words } = judge(cluster, 'any-server', down);
    return judged(holds, say`kube-vip moves the address to a server that is up. ${words}`);
  }
  if (balancer.nodes.length > 0)
    return play(balancer.nodes.map(({ host, name }) => ({ id: balancerHostPart(host), label: name ?? host })));
  return judged(
    false,
    say`${balancer.address} is outside of this file (${balancer.type}), which does not say whether it is more than one machine.`,
  );
}

interface Candidate {
  readonly id: string;
  readonly label: string;
}
