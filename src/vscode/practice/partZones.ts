import { say } from '../../core/base/say';
import type { Cluster } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import { zonePairs } from '../../core/topology/partition';
import { choose, sayInformation } from '../services/say';
import { playedCluster, type PracticeDependencies } from './played';
import { follow } from './simulate';

/** Cuts the simulated network between two zones; every host goes on. */
export async function partZones(argument: unknown, deps: PracticeDependencies): Promise<void> {
  const found = await playedCluster(argument, deps);
  if (found === undefined) return;
  const { cluster } = found.state;
  const zones = zonesOf(argument, cluster) ?? (await chooseZones(cluster));
  if (zones === undefined) return;
  const [a, b] = zones.map((zone) => nodesOf(cluster).flatMap((node) => (node.zone === zone ? [node.id] : [])));
  if (await follow({ do: 'partition', a, b }, deps))
    void sayInformation(
      say`Simulation: ${zones.join(say` and `)} do not reach each other. Every host goes on; Join All Zones brings the network back.`,
    );
}

/** Ends all cuts between zones. */
export async function joinZones(argument: unknown, deps: PracticeDependencies): Promise<void> {
  if ((await playedCluster(argument, deps)) === undefined) return;
  if (await follow({ do: 'heal' }, deps)) void sayInformation(say`Simulation: all zones reach each other again.`);
}

type Zones = readonly [string, string];

/** Those that the network part of the diagram connects. */
function zonesOf(argument: unknown, cluster: Cluster): Zones | undefined {
  const named = (argument as { zones?: unknown } | undefined)?.zones;
  return Array.isArray(named)
    ? zonePairs(cluster).find(({ zones }) => zones.join() === named.join())?.zones
    : undefined;
}

async function chooseZones(cluster: Cluster): Promise<Zones | undefined> {
  const pairs = zonePairs(cluster).map(({ zones }) => ({ label: zones.join(' – '), zones }));
  if (pairs.length === 0) {
    void sayInformation(say`This cluster has no two zones of which one has servers: there is no network to cut.`);
    return undefined;
  }
  return (await choose(pairs, { title: say`Simulation: Part Zones`, placeHolder: say`Between which zones?` }))?.zones;
}
