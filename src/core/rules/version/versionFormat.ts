import { later, say } from '../../base/say';
import { renameKey, setValue } from '../../document/edit';
import { parseK3sVersion, repairK3sVersion } from '../../k3s/versions';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, value } from '../reading/places';
import { hasReference, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { scalarText } from '../../cluster/configValue';

const PATH = ['k3s', 'version'];

export const versionFormat = defineRule({
  id: 'version-format',
  severity: 'error',
  title: later`The version is not a K3s release tag`,
  rationale: `Releases are tagged \`v1.36.3+k3s1\`: a \`v\`, the Kubernetes version, a plus sign and the K3s build. With a hyphen instead of the plus sign it is the tag of the container image; the install script then asks for a download that does not exist and stops with an HTTP 404. A name such as \`stable\` or \`v1.36\` is a channel and belongs into \`k3s.channel\`.`,
  sources: [SOURCES.manualUpgrade, SOURCES.installScript],
  check: ({ cluster, document }) => {
    const version = cluster.k3s.version;
    if (version === undefined || hasReference(version) || parseK3sVersion(version) !== undefined) return [];
    const meant = repairK3sVersion(version);
    const channel = channelOf(version);
    const advice =
      channel !== undefined
        ? say`it names a channel, which is written as k3s.channel: ${channel}`
        : meant === undefined
          ? say`a release looks like v1.36.3+k3s1`
          : /-k3s\d/.test(version)
            ? say`with a hyphen it is the tag of the container image, the release is ${meant}`
            : say`the release is written ${meant}`;
    const consequence =
      cluster.k3s.install.method === 'script'
        ? say`The install script would look for a download that does not exist.`
        : say`No k3s binary reports itself under this name.`;
    return [
      {
        ...firstPlace(document, value(PATH)),
        message: say`${version} is not a K3s release: ${advice}. ${consequence}`,
      },
    ];
  },
  fix: ({ cluster, document }): readonly Fix[] => {
    const version = cluster.k3s.version ?? '';
    const channel = channelOf(version);
    const meant = repairK3sVersion(version);
    if (meant !== undefined) {
      return [
        { title: say`Write ${meant}`, edits: setValue(document, PATH, meant), safe: /k3s[.-]?\d/i.test(version) },
      ];
    }
    if (channel === undefined || scalarText(valueAt(document.data, ['k3s', 'channel'])) !== undefined) return [];
    const edits = inSequence(
      document,
      (current) => setValue(current, PATH, channel),
      (current) => renameKey(current, PATH, 'channel'),
    );
    return [{ title: say`Write channel: ${channel}`, edits, safe: true }];
  },
});

function channelOf(version: string): string | undefined {
  const text = version.trim().toLowerCase();
  if (['stable', 'latest', 'testing'].includes(text)) return text;
  const minor = /^v?(\d+\.\d+)$/.exec(text)?.[1];
  return minor === undefined ? undefined : `v${minor}`;
}
