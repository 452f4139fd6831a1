import { removeEntry, setValue } from '../../document/edit';
import { optionFacts } from '../../k3s/options';
import { hasReached } from '../../k3s/versionGate';
import { compareK3sVersions, parseK3sVersion, PINNED_STABLE } from '../../k3s/versions';
import type { Fix } from '../rule';
import { defineRule } from '../support/defineRule';
import { firstPlace, key } from '../support/places';
import { SOURCES } from '../support/sources';
import { effectOfUnknown, optionUses } from './optionUse';

export const flagNewerThanVersion = defineRule({
  id: 'flag-newer-than-version',
  severity: 'error',
  title: 'An option that this K3s does not have yet',
  rationale: `Options appear in patch releases of several minor versions at once. A K3s from before does not know them: a server passes over them with a line in its log, an agent does not start.`,
  sources: [SOURCES.configParser, SOURCES.serverOptions],
  check: (context) => {
    const version = context.cluster.k3s.version ?? PINNED_STABLE;
    if (parseK3sVersion(version) === undefined) return [];
    return optionUses(context).flatMap(({ name, role, path }) => {
      const since = optionFacts(name)?.since;
      if (since === undefined || !isMissing(since, version)) return [];
      const shown = context.cluster.k3s.version === undefined ? `the present stable release (${version})` : version;
      return [
        {
          ...firstPlace(context.document, key(path)),
          message: `${shown} does not have ${name}: it came with ${since.startsWith(NEWER) ? `a release ${since}` : since}. ${effectOfUnknown(role, name)}.`,
          data: { name },
        },
      ];
    });
  },
  fix: ({ cluster, document }, finding): readonly Fix[] => {
    const name = finding.data?.['name'] ?? '';
    const target = upgradeFor(optionFacts(name)?.since ?? '', cluster.k3s.version);
    const raise = target === undefined ? [] : [{ title: `Raise k3s.version to ${target}`, edits: setValue(document, ['k3s', 'version'], target), safe: false }];
    return [...raise, { title: `Remove ${name}`, edits: removeEntry(document, finding.path), safe: false }];
  },
});

const NEWER = 'newer than ';

/** The releases that a note such as `v1.31.12, v1.32.8` names. Notes that tell when an option became stable say nothing about its first release. */
function releasesOf(since: string): readonly string[] {
  return /^v\d/.test(since) ? since.split(',').map((release) => `${release.trim()}+k3s1`) : [];
}

function isMissing(since: string, version: string): boolean {
  if (since.startsWith(NEWER)) {
    const last = parseK3sVersion(`${since.slice(NEWER.length)}+k3s1`);
    const own = parseK3sVersion(version);
    return last !== undefined && own !== undefined && compareK3sVersions(own, last) <= 0;
  }
  const releases = releasesOf(since);
  return releases.length > 0 && !hasReached(version, releases);
}

/** The first release with the option: of the same minor version where there is one, else the stable release. */
function upgradeFor(since: string, version: string | undefined): string | undefined {
  const own = parseK3sVersion(version ?? '');
  const same = releasesOf(since).find((release) => parseK3sVersion(release)?.minor === own?.minor);
  if (same !== undefined) return same;
  return version !== undefined && !isMissing(since, PINNED_STABLE) ? PINNED_STABLE : undefined;
}
