import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

const FOLDER = './airgap';

export const airgapArtifactMissing = defineRule({
  id: 'airgap-artifact-missing',
  severity: 'error',
  title: later`An air-gap installation without files`,
  rationale: `Machines without internet get everything from here: the \`k3s\` binary and the images for their architecture, and the install script. \`artifacts\` names the folder, or the archive, that holds them.`,
  sources: [SOURCES.airGap],
  check: ({ cluster, document }) => {
    const { method, artifacts } = cluster.k3s.install;
    if (method !== 'airgap' || artifacts !== undefined) return [];
    return [
      {
        ...firstPlace(document, value(['k3s', 'install', 'method'])),
        message: say`The machines cannot download K3s, and the file does not say where its binary, images and install script are: name their folder as k3s.install.artifacts.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Take the files from ${FOLDER}`,
      edits: setValue(document, ['k3s', 'install', 'artifacts'], FOLDER),
      safe: false,
    },
  ],
});
