import { later, say } from '../../base/say';
import { removeEntry } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

const BINARY = ['k3s', 'install', 'binary'];

export const binaryUploadIgnored = defineRule({
  id: 'binary-upload-ignored',
  severity: 'warning',
  title: later`A binary to upload that the method does not ask for`,
  rationale: `\`binary: upload\` has this computer download K3s for hosts whose install script would otherwise do so. With \`method: airgap\` the binary comes out of \`artifacts\`, and with \`method: preinstalled\` it is on the hosts: nothing is downloaded then, wherever the file says that it should be.`,
  sources: [SOURCES.installScript, SOURCES.airGap],
  check: ({ cluster, document }) => {
    const { method, binary } = cluster.k3s.install;
    if (method === 'script' || binary !== 'upload') return [];
    const instead =
      method === 'airgap' ? say`takes it out of k3s.install.artifacts` : say`uses the one that lies on each host`;
    return [
      {
        ...firstPlace(document, value(BINARY)),
        message: say`This computer does not download the binary: method: ${method} ${instead}.`,
      },
    ];
  },
  fix: ({ document }) => [
    { title: say`Remove binary: upload`, edits: removeEntry(document, BINARY), safe: true },
    { title: say`Remove the method`, edits: removeEntry(document, ['k3s', 'install', 'method']), safe: false },
  ],
});
