import { later, say } from '../../base/say';
import { removeEntry, setValue } from '../../document/edit';
import { lacksOption, optionFacts, releasesWith } from '../../k3s/options';
import { parseK3sVersion, PINNED_STABLE } from '../../k3s/versions';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { effectOfUnknown, optionUses } from '../reading/optionUses';

export const flagNewerThanVersion = defineRule({
  id: 'flag-newer-than-version',
  severity: 'error',
  title: later`An option that this K3s does not have yet`,
  rationale: `Options appear in patch releases of several minor versions at once. A K3s from before does not know them: a server passes over them with a line in its log, an agent does not start.`,
  sources: [SOURCES.configParser, SOURCES.serverOptions],
  check: (context) => {
    const version = context.cluster.k3s.version ?? PINNED_STABLE;
    if (parseK3sVersion(version) === undefined) return [];
    return optionUses(context).flatMap(({ name, role, path }) => {
      const since = optionFacts(name)?.since;
      if (since === undefined || !lacksOption(version, since)) return [];
      const shown = context.cluster.k3s.version === undefined ? say`the present stable release (${version})` : version;
      return [
        {
          ...firstPlace(context.document, key(path)),
          message: say`${shown} does not have ${name}: it came with ${since.startsWith('newer') ? say`a release ${since}` : since}. ${effectOfUnknown(role, name)}.`,
          data: { name },
        },
      ];
    });
  },
  fix: ({ cluster, document }, finding): readonly Fix[] => {
    const name = finding.data?.['name'] ?? '';
    const target = upgradeFor(optionFacts(name)?.since ?? '', cluster.k3s.version);
    const raise =
      target === undefined
        ? []
        : [
            {
              title: say`Raise k3s.version to ${target}`,
              edits: setValue(document, ['k3s', 'version'], target),
              safe: false,
            },
          ];
    return [...raise, { title: say`Remove ${name}`, edits: removeEntry(document, finding.path), safe: false }];
  },
});

/** The first release with the option: of the same minor version where there is one, else the stable release. */
function upgradeFor(since: string, version: string | undefined): string | undefined {
  const own = parseK3sVersion(version ?? '');
  const same = releasesWith(since).find((release) => parseK3sVersion(release)?.minor === own?.minor);
  if (same !== undefined) return same;
  return version !== undefined && !lacksOption(PINNED_STABLE, since) ? PINNED_STABLE : undefined;
}
