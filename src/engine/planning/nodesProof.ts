import { say } from '../../core/base/say';
import { optionIsOn } from '../../core/cluster/options';
import { servesApi } from '../../core/cluster/roles';
import type { Step } from '../../core/plan/step';
import { awaitNodes } from '../steps/awaitNodes';
import { reachedNodes, type Situation } from './situation';
import { firstServer } from './starts';

/** A machine counts only when Kubernetes says so; one without an agent has no Node. */
export function nodesProof(situation: Situation): readonly Step[] {
  const { cluster, facts } = situation;
  const nodes = reachedNodes(situation).filter((node) => !optionIsOn(cluster, node, 'disable-agent'));
  const servers = cluster.servers.filter(({ id }) => facts.has(id));
  const first = firstServer(cluster, facts);
  const asked = first !== undefined && facts.has(first.id) ? [first, ...servers] : servers;
  const reporter = asked.find((server) => servesApi(cluster, server)) ?? asked[0];
  if (reporter === undefined || nodes.length === 0) return [];
  const ids = nodes.map(({ id }) => id);
  return [awaitNodes.step(reporter, { nodes: ids }, say`a node counts only when Kubernetes says so`)];
}
