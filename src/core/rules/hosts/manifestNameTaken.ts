import { later, say } from '../../base/say';
import { servesApi } from '../../cluster/roles';
import { manifestFolder } from '../../cluster/hostFiles';
import type { Path } from '../../base/path';
import type { Cluster } from '../../cluster/cluster';
import { addonName, manifestNameFault } from '../../k3s/manifest';
import { KUBE_VIP_FILE } from '../../loadBalancer/paths';
import { defineRule, type Report } from '../reading/defineRule';
import { firstAtPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

/** A manifest with the words that the file has for it. */
interface Named {
  readonly words: string;
  readonly path: Path;
}

export const manifestNameTaken = defineRule({
  id: 'manifest-name-taken',
  severity: 'error',
  title: later`Two manifests have one name`,
  rationale: `K3s keeps one AddOn for each base name: \`a/metrics.yaml\` and \`b/metrics.yml\` are the same to it, and so are a manifest of yours and one of its own such as \`coredns.yaml\`. Whichever it reads last decides, and the objects of the other one are deleted. Give each manifest a name of its own. Names behind a pattern such as \`./addons/*.yaml\` are checked when a plan is made.`,
  sources: [SOURCES.packaged],
  check: ({ cluster, document }) => {
    const first = new Map<string, Named>();
    const reports: Report[] = [];
    for (const one of namedManifests(cluster)) {
      const { words, path } = one;
      const addon = addonName(words);
      if (addon === undefined || document.rangeOf(path, 'value') === undefined) continue;
      const before = first.get(addon);
      const fault = manifestNameFault(words.slice(Math.max(words.lastIndexOf('/'), words.lastIndexOf('\\')) + 1));
      if (fault !== undefined) reports.push({ ...value(path), message: fault });
      else if (before === undefined) first.set(addon, one);
      else if (before.words === KUBE_VIP_FILE)
        reports.push({
          ...value(path),
          message: say`type: kube-vip lays down a manifest ${KUBE_VIP_FILE} of its own, and K3s keeps one AddOn for both. Give this one another name.`,
        });
      else if (before.words !== words)
        reports.push({
          ...value(path),
          message: say`${before.words} and ${words} are one AddOn ${addon} to K3s: the objects of one are deleted for the other. Give each a name of its own.`,
        });
    }
    return firstAtPlace(reports);
  },
});

/** What becomes an AddOn on the servers, as far as the file names it: patterns are left out. */
function namedManifests(cluster: Cluster): readonly Named[] {
  const { loadBalancer, manifests = [], servers } = cluster;
  const files = servers
    .filter((server) => servesApi(cluster, server))
    .flatMap((server) =>
      (server.files ?? [])
        .filter(({ to }) => to.startsWith(`${manifestFolder(cluster, server)}/`))
        .map(({ to, path }) => ({ words: to, path: [...path, 'to'] })),
    );
  return [
    ...(loadBalancer?.type === 'kube-vip' ? [{ words: KUBE_VIP_FILE, path: ['loadBalancer', 'type'] }] : []),
    ...manifests
      .map((words, index) => ({ words, path: ['manifests', index] }))
      .filter(({ words }) => !/[*?]/.test(words)),
    ...files,
  ];
}
