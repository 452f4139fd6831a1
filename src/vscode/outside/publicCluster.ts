import type { K3sHaCluster } from '../../../schemas/api';
import type { ClusterState } from '../../views/clusterState';
import { viewOf } from '../../views/clusterView';
import { headline } from '../../views/headline';

/** What other extensions and language models are told of a cluster: names and health, no addresses and nothing secret. */
export function publicCluster(state: ClusterState): Omit<K3sHaCluster, 'kubeconfig'> {
  const { cluster } = state;
  const { words, simulated } = headline(state, cluster.name);
  return {
    file: state.uri.toString(),
    name: cluster.name,
    servers: cluster.servers.map(({ id }) => id),
    agents: cluster.agents.map(({ id }) => id),
    health: { state: healthOf(state), words, simulated },
  };
}

function healthOf(state: ClusterState): K3sHaCluster['health']['state'] {
  switch (state.live.kind) {
    case 'live':
      return viewOf(state).health.level;
    case 'lost':
      return 'silent';
    case 'not-provisioned':
      return 'not-provisioned';
    default:
      return 'unknown';
  }
}
