import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import { optionIsOn } from '../../core/cluster/options';
import { balancerMachines, etcdMembers, nodesOf } from '../../core/cluster/roles';
import { clusterHealth } from '../../core/health/clusterHealth';
import { etcdVoters } from '../../core/health/etcdVoters';
import type { Situation } from './situation';
import { isRunning } from './starts';

/** Why a drill may not begin: it only ever takes something from a cluster of which nothing is away. */
export function drillProblems(situation: Situation): readonly Problem[] {
  const { cluster, facts, live, unreachable } = situation;
  const wrong = (code: string, message: string, host?: string): Problem =>
    problem(code, message, {
      ...(host === undefined ? {} : { host }),
      why: say`A drill takes parts away from a cluster that is whole, so that what follows is their doing.`,
      nextSteps: [say`Mend it first; the explorer, or "k3s-ha status" with this file, says more.`],
    });
  if (unreachable.size > 0)
    return [...unreachable].map(([id, why]) =>
      wrong('drill-unhealthy', say`${id} does not answer: ${why.message}`, id),
    );
  if (live === undefined) return [wrong('drill-unhealthy', say`No server of this cluster answers`)];
  const health = clusterHealth(cluster, live.nodes);
  const nodes = health.nodes.filter(({ node }) => !optionIsOn(cluster, node, 'disable-agent'));
  const off = nodesOf(cluster).filter((node) => !isRunning(node, facts));
  const members = etcdMembers(cluster);
  const view = live.etcd;
  const named = new Set(view?.members.filter(({ learner }) => !learner).map(({ nodeName }) => nodeName) ?? []);
  const faults = etcdVoters(cluster, health, new Map()).filter(({ fault }) => fault !== undefined);
  return [
    ...off.map(({ id }) => wrong('drill-unhealthy', say`K3s does not run on ${id}`, id)),
    ...nodes
      .filter(({ node, state }) => state !== 'ready' && !off.includes(node))
      .map(({ node, words }) => wrong('drill-unhealthy', say`${node.id} is ${words}`, node.id)),
    ...nodes
      .filter(({ live: seen }) => seen?.schedulable === false)
      .map(({ node }) => wrong('drill-unhealthy', say`${node.id} is cordoned`, node.id)),
    ...(view !== undefined && (view.leader === undefined || named.size !== members.length)
      ? [
          wrong(
            'drill-unhealthy',
            say`etcd has ${named.size} voting members (${listed([...named])}), and the file has ${members.length}`,
          ),
        ]
      : []),
    ...faults.map(({ name, fault = '' }) => wrong('drill-unhealthy', say`The member ${name} of etcd ${fault}`)),
    ...balancerMachines(cluster).flatMap(({ id }) => {
      const units = facts.get(id)?.balancer?.units;
      const parts = situation.balancers.get(id)?.parts ?? [];
      return parts
        .filter(({ unit }) => units?.get(unit)?.active !== 'active')
        .map(({ unit }) => wrong('drill-unhealthy', say`${unit} does not run on ${id}`, id));
    }),
  ];
}
