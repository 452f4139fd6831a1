import { say } from '../../core/base/say';
import type { ClusterMachine } from '../../core/cluster/cluster';
import { machinesOf } from '../../core/cluster/roles';
import { trafficWords } from '../../core/hostChecks/reading/firewallCommands';
import { openedTraffic } from '../../core/hostChecks/reading/openedTraffic';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { openFirewall } from '../steps/openFirewall';
import { reachedNodes, type Situation } from './situation';
import { isRunning } from './starts';

/**
 * Opens the firewalls of the machines, where the file has K3s HA do so: those where K3s runs one after another, each only when
 * the one before went well. A start waits for those of the servers, which all others have to reach.
 */
export function planFirewalls(
  draft: Draft,
  situation: Situation,
): { readonly servers: readonly string[]; readonly all: readonly string[] } {
  const { cluster, facts } = situation;
  if (cluster.firewall !== 'manage') return { servers: [], all: [] };
  const nodes = reachedNodes(situation);
  const others = machinesOf(cluster).filter(({ id }) => facts.has(id) && !nodes.some((node) => node.id === id));
  const servers: string[] = [];
  const all: string[] = [];
  let previous: readonly string[] = [];
  const open = (machine: ClusterMachine, after: readonly string[]): readonly string[] => {
    const ids = firewallSteps(situation, machine).map((step) => draft.add(step, after));
    all.push(...ids);
    if (cluster.servers.some(({ id }) => id === machine.id)) servers.push(...ids);
    return ids;
  };
  for (const node of nodes.filter((one) => isRunning(one, facts))) {
    const ids = open(node, previous);
    if (ids.length > 0) previous = ids;
  }
  for (const machine of [...nodes.filter((one) => !isRunning(one, facts)), ...others]) open(machine, []);
  return { servers, all };
}

function firewallSteps({ cluster, facts }: Situation, machine: ClusterMachine): readonly Step[] {
  const opened = openedTraffic({ cluster, facts, unreachable: new Map() }, machine);
  if (opened === undefined) return [];
  const { tool, traffic } = opened;
  const after = traffic.map((one) => `${trafficWords(one)}\n`).join('');
  const reason = say`it keeps machines of the cluster apart`;
  return [openFirewall.step(machine, opened, reason, { differences: [{ path: `the rules of ${tool}`, after }] })];
}
