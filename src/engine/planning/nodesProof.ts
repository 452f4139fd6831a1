import { say } from '../../core/base/say';
import { optionIsOn, optionText } from '../../core/cluster/options';
import { servesApi } from '../../core/cluster/roles';
import type { Step } from '../../core/plan/step';
import { awaitNodes } from '../steps/awaitNodes';
import { proveTunnels } from '../steps/proveTunnels';
import { reachedNodes, type Situation } from './situation';
import { firstServer } from './starts';

/** Steps behind which tunnels between a machine and the others have to be dialled anew. */
const STARTS_K3S: ReadonlySet<string> = new Set(['start', 'restart', 'renew-certificates', 'reboot', 'bring-back']);

/**
 * A machine counts only when Kubernetes says so; one without an agent has no Node. Where steps `before` it start K3s, its
 * tunnels are proved as well.
 */
export function nodesProof(situation: Situation, before: readonly Step[] = []): readonly Step[] {
  const proved = provedBy(situation);
  if (proved === undefined) return [];
  const { reporter, ids } = proved;
  const ready = awaitNodes.step(reporter, { nodes: ids }, say`a node counts only when Kubernetes says so`);
  return [ready, ...tunnelsProof(situation, before, [ready.id])];
}

/** Every server has to reach every node when steps `before` have started K3s somewhere. */
export function tunnelsProof(
  situation: Situation,
  before: readonly Step[],
  after: readonly string[] = [],
): readonly Step[] {
  const { cluster, facts } = situation;
  const proved = provedBy(situation);
  // Without an egress selector a server dials the kubelets itself.
  const servers = cluster.servers.filter(
    (server) =>
      facts.has(server.id) &&
      servesApi(cluster, server) &&
      optionText(cluster, server, 'egress-selector-mode') !== 'disabled',
  );
  if (proved === undefined || servers.length === 0 || !before.some(({ kind }) => STARTS_K3S.has(kind))) return [];
  const pairs = { servers: servers.map(({ id }) => id), nodes: proved.ids };
  const why = say`a node may lack its tunnel to a restarted server and not notice`;
  return [proveTunnels.step(proved.reporter, pairs, why, { after })];
}

/** The server that is asked, and the nodes that it is asked for. */
function provedBy(situation: Situation) {
  const { cluster, facts } = situation;
  const nodes = reachedNodes(situation).filter((node) => !optionIsOn(cluster, node, 'disable-agent'));
  const servers = cluster.servers.filter(({ id }) => facts.has(id));
  const first = firstServer(cluster, facts);
  const asked = first !== undefined && facts.has(first.id) ? [first, ...servers] : servers;
  const reporter = asked.find((server) => servesApi(cluster, server)) ?? asked[0];
  return reporter === undefined || nodes.length === 0 ? undefined : { reporter, ids: nodes.map(({ id }) => id) };
}
