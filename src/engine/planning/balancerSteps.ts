import { say } from '../../core/base/say';
import type { ClusterMachine, ClusterNode } from '../../core/cluster/cluster';
import { apiServers, balancerMachines, machinesOf, servesApi } from '../../core/cluster/roles';
import { backendName } from '../../core/loadBalancer/backends';
import type { BalancerUnit } from '../../core/loadBalancer/paths';
import type { Draft } from '../../core/plan/draft';
import type { MachineId } from '../../core/plan/step';
import { installPackages } from '../steps/installPackages';
import { putIn } from '../steps/putIn';
import { removeBalancer } from '../steps/removeBalancer';
import { writeBalancer } from '../steps/writeBalancer';
import { balancerChange, surplusUnits } from './balancerChange';
import { formerCarriers } from './formerBalancers';
import { passesAddressOn, planKubeVipLeaving } from './kubeVipLeaving';
import type { Situation } from './situation';

/**
 * Makes the machines of the load balancer what the file says, one after another where one runs already: while a machine
 * takes its new configuration the others carry the address. An address that kube-vip has is given up when the proxies are
 * there, and before keepalived takes it, and so is one that former machines have. Ids of what has to be done before nodes
 * come through it.
 */
export function planBalancers(
  draft: Draft,
  situation: Situation,
  servers: readonly string[],
  leftOver: readonly string[],
): readonly string[] {
  const former = balancerMachines(situation.cluster).length === 0 ? [] : formerCarriers(situation);
  const passes = passesAddressOn(situation);
  if (!passes && former.length === 0) return planParts(draft, situation, leftOver, () => true);
  const proxies = planParts(draft, situation, leftOver, (unit) => unit !== 'keepalived');
  const ready = [...servers, ...proxies];
  const free = [
    ...(passes ? planKubeVipLeaving(draft, situation, ready) : []),
    ...former.flatMap((machine) => planRemoval(draft, situation, machine, ready)),
  ];
  return [...proxies, ...planParts(draft, situation, free, (unit) => unit === 'keepalived')];
}

function planParts(
  draft: Draft,
  { cluster, facts, balancers }: Situation,
  after: readonly string[],
  isMeant: (unit: BalancerUnit) => boolean,
): readonly string[] {
  const ends: string[] = [];
  let previous = after;
  for (const machine of balancerMachines(cluster)) {
    const seen = facts.get(machine.id);
    const content = balancers.get(machine.id);
    if (seen === undefined || content === undefined) continue;
    const { packages, parts } = balancerChange(content, seen);
    const surplus = surplusUnits(content, seen);
    const isFirst = isMeant(content.proxy);
    if (isFirst && surplus.length > 0) {
      const why = say`the cluster file wants another load balancer`;
      draft.add(removeBalancer.step(machine, { units: surplus }, why), previous);
    }
    if (isFirst && packages !== undefined) {
      const { manager, names } = packages;
      draft.add(installPackages.step(machine, { manager, packages: names }, say`the load balancer is made of them`));
    }
    const own = parts
      .filter(({ unit }) => isMeant(unit))
      .map(({ unit, differences, reason }) => {
        const runs = seen.balancer?.units.get(unit)?.active === 'active';
        return draft.add(writeBalancer.step(machine, { unit, runs }, reason, { differences }), previous);
      });
    ends.push(...own);
    if (own.length > 0) previous = own;
  }
  return ends;
}

/** Takes the load balancer off machines that are to carry it no longer, when nothing comes through them any more. */
export function planRemovals(draft: Draft, situation: Situation, after: readonly string[]): readonly string[] {
  const carriers = new Set(balancerMachines(situation.cluster).map(({ id }) => id));
  const planned = new Set(draft.steps.filter(({ kind }) => kind === removeBalancer.kind).map(({ on }) => on));
  return machinesOf(situation.cluster)
    .filter(({ id }) => !carriers.has(id) && !planned.has(id))
    .flatMap((machine) => planRemoval(draft, situation, machine, after));
}

function planRemoval(
  draft: Draft,
  { facts }: Situation,
  machine: ClusterMachine,
  after: readonly string[],
): readonly string[] {
  const seen = facts.get(machine.id);
  const units = seen === undefined ? [] : surplusUnits(undefined, seen);
  const why = say`the cluster file has no load balancer there any more`;
  return units.length === 0 ? [] : [draft.add(removeBalancer.step(machine, { units }, why), after)];
}

/** The machines that a server is taken out of before it is stopped; none for the only one with an API. */
export function balancersBefore({ cluster, balancers }: Situation, node: ClusterNode): readonly MachineId[] {
  const isBehind = node.role === 'server' && servesApi(cluster, node) && apiServers(cluster).length > 1;
  return isBehind ? [...balancers.keys()] : [];
}

/** Servers that a run which was cut off has taken out, and that nothing else puts back. */
export function planForgotten(draft: Draft, situation: Situation, after: readonly string[]): readonly string[] {
  const { cluster, facts, balancers } = situation;
  return apiServers(cluster).flatMap((server) => {
    const id = `put-in:${server.id}`;
    const out = [...balancers.keys()].filter((machine) =>
      facts.get(machine)?.balancer?.drained.includes(backendName(server)),
    );
    if (out.length === 0 || !facts.has(server.id) || draft.steps.some((step) => step.id === id)) return [];
    return [draft.add(putIn.step(server, { balancers: out }, say`an earlier run was cut off and left it out`), after)];
  });
}
