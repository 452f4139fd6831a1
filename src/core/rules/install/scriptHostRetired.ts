import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { hostOf, isRetired, MIRROR_SCRIPT, SCRIPT_URL, usesScript } from '../reading/installScript';

export const scriptHostRetired = defineRule({
  id: 'script-host-retired',
  severity: 'warning',
  title: later`The install script comes from a retired address`,
  rationale: `Tutorials for China name several addresses of the mirror's install script. \`docs.rancher.cn\` and \`rancher-mirror.cnrancher.com\` are the old ones; the Chinese K3s documentation now names \`${MIRROR_SCRIPT}\`.`,
  sources: [SOURCES.chinaDocs],
  check: ({ cluster, document }) => {
    const { scriptUrl } = cluster.k3s.install;
    if (!usesScript(cluster) || !isRetired(scriptUrl)) return [];
    const plain = /^http:/i.test(scriptUrl)
      ? say`, and over plain HTTP anyone on the way could change what runs as root`
      : '';
    return [
      {
        ...firstPlace(document, value(SCRIPT_URL)),
        message: say`${hostOf(scriptUrl)} is an old address of the mirror in China and may stop answering${plain}. The script is now at ${MIRROR_SCRIPT}.`,
      },
    ];
  },
  fix: ({ document }) => [
    { title: say`Write ${MIRROR_SCRIPT}`, edits: setValue(document, SCRIPT_URL, MIRROR_SCRIPT), safe: true },
  ],
});
