import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import { setValue } from '../../document/edit';
import { OLDEST_SUPPORTED_MINOR, parseK3sVersion, PINNED_STABLE } from '../../k3s/versions';
import type { Cluster } from '../../cluster/cluster';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

export const versionUnsupported = defineRule({
  id: 'version-unsupported',
  severity: 'warning',
  title: later`The Kubernetes version gets no more fixes`,
  rationale: `Kubernetes supports its newest minor releases for about a year, and K3s follows. After that nobody mends a security hole in it, and the way back becomes longer every month, because a running cluster goes up one minor at a time, servers first.

When this extension was made, v1.${OLDEST_SUPPORTED_MINOR} was the oldest minor with patch releases.`,
  sources: [SOURCES.manualUpgrade, SOURCES.kubernetesReleases, SOURCES.versionSkew],
  check: ({ cluster, document }) => {
    const release = wantedRelease(cluster);
    if (release === undefined || release.minor >= OLDEST_SUPPORTED_MINOR) return [];
    const next = release.minor + 1;
    return [
      {
        ...firstPlace(document, value(release.path), value(['k3s'])),
        message: say`Kubernetes v1.${release.minor} is end of life: it gets no more fixes, not even for security holes. v1.${OLDEST_SUPPORTED_MINOR} and newer do. A cluster that runs already goes up one minor at a time, ${next === OLDEST_SUPPORTED_MINOR ? say`to v1.${next}` : say`first to v1.${next}`}.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Use K3s ${PINNED_STABLE} (for a new cluster; a running one goes up minor by minor)`,
      edits: setValue(document, ['k3s', 'version'], PINNED_STABLE),
      safe: false,
    },
  ],
});

/** The minor that gets installed, and where the file says so; `undefined` for a moving channel such as stable. */
function wantedRelease({ k3s }: Cluster): { readonly minor: number; readonly path: Path } | undefined {
  const { version, channel, install } = k3s;
  const variable = (name: string) => ({ text: install.env[name], path: ['k3s', 'install', 'env', name] });
  const wanted =
    version !== undefined
      ? { text: version, path: ['k3s', 'version'] }
      : [variable('INSTALL_K3S_VERSION'), { text: channel, path: ['k3s', 'channel'] }].find(
          ({ text }) => text !== undefined,
        );
  const text = wanted?.text ?? '';
  const minor = parseK3sVersion(text)?.minor ?? Number(/^v1\.(\d+)$/.exec(text)?.[1] ?? NaN);
  return wanted === undefined || Number.isNaN(minor) ? undefined : { minor, path: wanted.path };
}
