import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { PINNED_STABLE } from '../../k3s/versions';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

export const versionNotPinned = defineRule({
  id: 'version-not-pinned',
  severity: 'warning',
  title: later`The version of a highly available cluster is left to a channel`,
  rationale: `A channel moves. A node that is added or reinstalled next month gets another release than its neighbors, perhaps one that is newer than the servers, which Kubernetes does not support for agents. With \`k3s.version\` all nodes get the same release, and an upgrade is a change of this file that can be reviewed.`,
  sources: [SOURCES.manualUpgrade],
  check: ({ cluster, document }) => {
    const { version, channel = 'stable', install } = cluster.k3s;
    if (version !== undefined || install.method !== 'script' || cluster.servers.length < 2) return [];
    if (install.env['INSTALL_K3S_VERSION'] !== undefined || install.env['INSTALL_K3S_COMMIT'] !== undefined) return [];
    const count = cluster.servers.length + cluster.agents.length;
    return [
      {
        ...firstPlace(document, value(['k3s', 'channel']), key(['k3s']), key(['servers'])),
        message: say`The ${count} nodes follow the channel ${channel}: a node that is installed later gets whatever is ${channel} then, which may be newer than the servers.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Pin k3s.version to ${PINNED_STABLE}`,
      edits: setValue(document, ['k3s', 'version'], PINNED_STABLE),
      safe: false,
    },
  ],
});
