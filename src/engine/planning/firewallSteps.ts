import type { ClusterNode } from '../../core/cluster/cluster';
import { trafficWords } from '../../core/hostChecks/reading/firewallCommands';
import { missingRules } from '../../core/hostChecks/reading/missingRules';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { openFirewall } from '../steps/openFirewall';
import { reachedNodes, type Situation } from './situation';
import { isRunning } from './starts';

/**
 * Opens the firewalls of the nodes, where the file has K3s HA do so: those where K3s runs one after another, each only when
 * the one before went well. A start waits for those of the servers, which all others have to reach.
 */
export function planFirewalls(
  draft: Draft,
  situation: Situation,
): { readonly servers: readonly string[]; readonly all: readonly string[] } {
  const { cluster, facts } = situation;
  if (cluster.firewall !== 'manage') return { servers: [], all: [] };
  const nodes = reachedNodes(situation);
  const servers: string[] = [];
  const all: string[] = [];
  let previous: readonly string[] = [];
  const open = (node: ClusterNode, after: readonly string[]): readonly string[] => {
    const ids = firewallSteps(situation, node).map((step) => draft.add(step, after));
    all.push(...ids);
    if (node.role === 'server') servers.push(...ids);
    return ids;
  };
  for (const node of nodes.filter((one) => isRunning(one, facts))) {
    const ids = open(node, previous);
    if (ids.length > 0) previous = ids;
  }
  for (const node of nodes.filter((one) => !isRunning(one, facts))) open(node, []);
  return { servers, all };
}

function firewallSteps({ cluster, facts }: Situation, node: ClusterNode): readonly Step[] {
  const rules = facts.get(node.id)?.firewallRules;
  if (rules === undefined || rules.tool === 'filter') return [];
  const { tool } = rules;
  const traffic = missingRules({ cluster, facts, unreachable: new Map() }, node);
  if (traffic.length === 0) return [];
  const after = traffic.map((one) => `${trafficWords(one)}\n`).join('');
  const reason = 'it keeps machines of the cluster apart';
  return [
    openFirewall.step(node, { tool, traffic }, reason, { differences: [{ path: `the rules of ${tool}`, after }] }),
  ];
}
