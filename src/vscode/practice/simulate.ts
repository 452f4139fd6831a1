import { said, say } from '../../core/base/say';
import { machinesOf } from '../../core/cluster/roles';
import type { Cluster } from '../../core/cluster/cluster';
import { FAULTS, type FaultId, type FleetOrder } from '../../core/health/simulation';
import { problem } from '../../core/base/problem';
import { BALANCER, balancerHostPart } from '../../core/topology/ids';
import { reportProblem } from '../services/report';
import { choose, sayInformation } from '../services/say';
import { playedCluster, type PracticeDependencies } from './played';

/** Lets a fault begin or end on one simulated host, or at the simulated load balancer. */
export function simulate(
  fault: FaultId,
  on: boolean,
): (argument: unknown, deps: PracticeDependencies) => Promise<void> {
  return async (argument, deps) => {
    const found = await playedCluster(argument, deps);
    if (found === undefined) return;
    const { played, state } = found;
    const failing = (place: string): boolean => (played.simulation.faults.get(place) ?? []).includes(fault);
    const place = placeOf(argument, state.cluster) ?? (await choosePlace(state.cluster, fault, on, failing));
    if (place === undefined) return;
    const done = await follow(FAULTS[fault].order(place, on), deps);
    if (done) tell(place, fault, on);
  };
}

/** Gives an order to the fleet; false when it was refused, which the person was told. */
export async function follow(order: FleetOrder, { fleet, services }: PracticeDependencies): Promise<boolean> {
  const refused = await fleet.order(order);
  if (refused === undefined) return true;
  await reportProblem(
    services.log,
    problem('simulation-refused', say`The practice fleet did not do that`, {
      why: refused,
      nextSteps: [say`Start the practice fleet again: K3s HA: Start Practice Fleet.`],
    }),
  );
  return false;
}

function tell(place: string, fault: FaultId, on: boolean): void {
  const name = place === BALANCER ? say`The load balancer` : place;
  const words = said(FAULTS[fault].words);
  const hint = on ? say` Watch the Clusters view and the diagram; the same menu brings it back.` : '';
  void sayInformation(say`Simulation: ${name} is ${on ? words : say`no longer ${words}`}.${hint}`);
}

/** The machine of a row or of a part of the diagram. */
function placeOf(argument: unknown, cluster: Cluster): string | undefined {
  const id = (argument as { row?: { id?: unknown } } | undefined)?.row?.id;
  if (typeof id !== 'string') return undefined;
  if (id === 'loadBalancer' || id === BALANCER) return BALANCER;
  const machine = /^node:(.+)$/.exec(id)?.[1];
  return machinesOf(cluster).find((one) => one.id === machine || balancerHostPart(one.host) === id)?.id;
}

async function choosePlace(
  cluster: Cluster,
  fault: FaultId,
  on: boolean,
  failing: (place: string) => boolean,
): Promise<string | undefined> {
  const machines = machinesOf(cluster).map(({ id, host }) => ({ label: id, description: host, place: id }));
  const balancer =
    fault === 'network' && cluster.loadBalancer !== undefined
      ? [{ label: say`Load balancer`, description: cluster.loadBalancer.address, place: BALANCER }]
      : [];
  const places = [...machines, ...balancer].filter(({ place }) => failing(place) !== on);
  const words = said(FAULTS[fault].words);
  if (places.length === 0) {
    void sayInformation(on ? say`Every simulated host is ${words} already.` : say`No simulated host is ${words}.`);
    return undefined;
  }
  const picked = await choose(places, {
    title: say`Simulation: ${on ? words : say`no longer ${words}`}`,
    placeHolder: say`Which simulated host?`,
  });
  return picked?.place;
}
