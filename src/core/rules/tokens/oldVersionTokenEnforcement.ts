import { later, say } from '../../base/say';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { withoutToken } from '../reading/tokens';
import { giveClusterToken } from '../reading/clusterToken';
import { ENFORCING, enforcesToken } from '../reading/tokenEnforcement';

export const oldVersionTokenEnforcement = defineRule({
  id: 'old-version-token-enforcement',
  severity: 'warning',
  title: later`An old version that does not check the token yet`,
  rationale: `Before v1.19.13, v1.20.9 and v1.21.3 servers with an external database started whatever token they had. Newer ones decrypt the cluster's keys with it, so the first upgrade beyond these releases fails on every server that never got the right token.

Before upgrading, read the token from \`/var/lib/rancher/k3s/server/token\` of the first server and give it to all of them.`,
  sources: [SOURCES.ha, SOURCES.token],
  check: ({ cluster, document }) => {
    const { version } = cluster.k3s;
    if (
      version === undefined ||
      enforcesToken(cluster) ||
      datastoreKind(cluster) !== 'external' ||
      withoutToken(cluster, cluster.servers).length === 0
    )
      return [];
    return [
      {
        ...firstPlace(document, value(['k3s', 'version'])),
        message: say`K3s ${version} starts without comparing tokens, and not every server is given one; after an upgrade to ${ENFORCING.join(', ')} or newer the servers stop with "bootstrap data already found and encrypted with different token". Save /var/lib/rancher/k3s/server/token of the first server before.`,
      },
    ];
  },
  // A cluster of this age has invented its token already, so a new one would not do.
  fix: (context) => giveClusterToken(context, say`the token of the first server`),
});
