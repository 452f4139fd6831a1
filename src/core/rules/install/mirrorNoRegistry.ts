import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { hostOf, isRetired, MIRROR_SCRIPT, SCRIPT_URL, usesScript } from '../reading/installScript';
import { writtenText } from '../../cluster/written';

const REGISTRY = 'registry.cn-hangzhou.aliyuncs.com';

export const mirrorNoRegistry = defineRule({
  id: 'mirror-no-registry',
  severity: 'hint',
  title: later`K3s from the mirror, images from Docker Hub`,
  rationale: `The mirror in China delivers the K3s binary. The images of CoreDNS, Traefik and the other add-ons still come from Docker Hub, which is often out of reach there; the servers then run, and no pod starts. \`system-default-registry\` names a registry that has these images.`,
  sources: [SOURCES.chinaDocs, SOURCES.agentOptions],
  check: ({ cluster, document }) => {
    const { scriptUrl, env } = cluster.k3s.install;
    const mirrored =
      env['INSTALL_K3S_MIRROR'] === 'cn' || hostOf(scriptUrl) === hostOf(MIRROR_SCRIPT) || isRetired(scriptUrl);
    if (!usesScript(cluster) || !mirrored || cluster.servers.length === 0) return [];
    if (
      cluster.servers.some(
        (server) =>
          writtenText(server, 'system-default-registry') !== undefined ||
          writtenText(server, 'private-registry') !== undefined,
      )
    )
      return [];
    return [
      {
        ...firstPlace(document, value(SCRIPT_URL), value(['k3s', 'install', 'env', 'INSTALL_K3S_MIRROR'])),
        message: say`K3s comes from the mirror, but the images of CoreDNS, Traefik and the other add-ons still come from Docker Hub. system-default-registry: ${REGISTRY} has them.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Take the images from ${REGISTRY}`,
      edits: setValue(document, ['servers', 'config', 'system-default-registry'], REGISTRY),
      safe: false,
    },
  ],
});
