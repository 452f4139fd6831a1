import { later, say } from '../../base/say';
import { removeEntry, setValue } from '../../document/edit';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { hostOf, MIRROR_SCRIPT, SCRIPT_URL, UPSTREAM, usesScript } from '../reading/installScript';

const MIRROR = ['k3s', 'install', 'env', 'INSTALL_K3S_MIRROR'];

export const mirrorIgnored = defineRule({
  id: 'mirror-ignored',
  severity: 'warning',
  title: later`INSTALL_K3S_MIRROR has no effect with the upstream script`,
  rationale: `Only the install script of the mirror in China knows \`INSTALL_K3S_MIRROR\`. The script of get.k3s.io ignores it and downloads from GitHub, which is slow or unreachable exactly where the mirror was meant to help.`,
  sources: [SOURCES.chinaDocs, SOURCES.installScript],
  check: ({ cluster, document }) => {
    const { scriptUrl, env } = cluster.k3s.install;
    if (!usesScript(cluster) || env['INSTALL_K3S_MIRROR'] === undefined || !UPSTREAM.includes(hostOf(scriptUrl)))
      return [];
    return [
      {
        ...firstPlace(document, key(MIRROR)),
        message: say`The script of ${hostOf(scriptUrl)} does not know INSTALL_K3S_MIRROR: K3s would still be downloaded from GitHub. The mirror's own script is at ${MIRROR_SCRIPT}.`,
      },
    ];
  },
  fix: ({ document }): readonly Fix[] => [
    {
      title: say`Use the mirror's script (${MIRROR_SCRIPT})`,
      edits: setValue(document, SCRIPT_URL, MIRROR_SCRIPT),
      safe: true,
    },
    { title: say`Remove INSTALL_K3S_MIRROR`, edits: removeEntry(document, MIRROR), safe: false },
  ],
});
