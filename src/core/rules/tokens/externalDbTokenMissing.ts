import { later, say } from '../../base/say';
import { datastoreKind, datastorePlace } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { SOURCES } from '../reading/sources';
import { withoutToken } from '../reading/tokens';
import { nodeLabel, nodeLabels } from '../reading/words';
import { giveClusterToken } from '../reading/clusterToken';
import { enforcesToken } from '../reading/tokenEnforcement';

export const externalDbTokenMissing = defineRule({
  id: 'external-db-token-missing',
  severity: 'error',
  title: later`Several servers share a database, but no token`,
  rationale: `K3s keeps the cluster's certificate authorities in the datastore, encrypted with the server token. Without a token in its configuration every server invents one. The first server works; the second finds data it cannot decrypt and stops with \`bootstrap data already found and encrypted with different token\`. By then it has made certificates of its own, which have to be removed from its disk before it can join.

Old tutorials do without a token because K3s before v1.19.13, v1.20.9 and v1.21.3 let that pass.`,
  sources: [SOURCES.ha, SOURCES.token, SOURCES.bootstrap],
  check: (context) => {
    const { cluster } = context;
    const [first, ...others] = cluster.servers;
    // An old release lets it pass, until it is upgraded: a finding of its own.
    if (first === undefined || others.length === 0 || datastoreKind(cluster) !== 'external' || !enforcesToken(cluster))
      return [];
    const lacking = withoutToken(cluster, cluster.servers);
    if (lacking.length === 0) return [];
    const ending = say`stop with "bootstrap data already found and encrypted with different token". Give all servers the same token.`;
    return [
      {
        ...datastorePlace(context),
        message:
          lacking.length === cluster.servers.length
            ? say`No token is set: ${nodeLabel(first)} would invent one and encrypt the cluster's keys in the shared database with it, and ${nodeLabels(others)} would ${ending}`
            : say`${nodeLabels(lacking)} ${lacking.length === 1 ? 'has' : 'have'} no token, although other servers have one: ${lacking.length === 1 ? 'it' : 'each'} would invent its own and ${ending}`,
      },
    ];
  },
  fix: (context) => giveClusterToken(context),
});
