import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry, setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { isOn } from '../../cluster/options';

const SKIP = ['k3s', 'install', 'env', 'INSTALL_K3S_SKIP_DOWNLOAD'];

export const airgapVersionIgnored = defineRule({
  id: 'airgap-version-ignored',
  severity: 'info',
  title: later`A version for a download that is skipped`,
  rationale: `With \`INSTALL_K3S_SKIP_DOWNLOAD\` the install script uses the binary that lies on the host and passes over the version. Which K3s runs is then decided by whoever copied the file. \`method: preinstalled\` says so plainly.`,
  sources: [SOURCES.installScript, SOURCES.airGap],
  check: ({ cluster, document }) => {
    const { version, install } = cluster.k3s;
    if (version === undefined || install.method !== 'script' || !isOn(install.env['INSTALL_K3S_SKIP_DOWNLOAD']))
      return [];
    return [
      {
        ...firstPlace(document, value(['k3s', 'version'])),
        message: say`${version} is not installed: INSTALL_K3S_SKIP_DOWNLOAD makes the script use the binary that lies on each host, whatever its version.`,
        related: [{ ...firstPlace(document, value(SKIP)), message: say`The download is skipped here.` }],
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Say that K3s is installed already (method: preinstalled)`,
      edits: inSequence(
        document,
        (current: ClusterDocument) => removeEntry(current, SKIP),
        (current: ClusterDocument) => setValue(current, ['k3s', 'install', 'method'], 'preinstalled'),
      ),
      safe: false,
    },
  ],
});
