import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry, renameKey, setValue } from '../../document/edit';
import { optionFacts } from '../../k3s/options';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { isStillThere, removedOption, replaceRemoved } from '../reading/removedOptions';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { optionUses } from '../reading/optionUses';
import { scalarText } from '../../cluster/configValue';

const IMAGE = 'helm-job-image';

export const flagDeprecated = defineRule({
  id: 'flag-deprecated',
  severity: 'warning',
  title: later`An option that K3s is about to drop`,
  rationale: `K3s warns about such options in patch releases, hides them in the next minor version, and then refuses to start with them. The replacement works today.`,
  sources: [SOURCES.serverOptions],
  check: (context) => [
    ...writtenOptions(context).flatMap(({ name, path }) => {
      const removed = removedOption(name);
      if (removed === undefined || !isStillThere(context.cluster, removed)) return [];
      return [
        {
          ...firstPlace(context.document, key(path)),
          message: say`${name} is gone with ${removed.since}: after the next upgrades the setting would be lost. Use ${removed.use}, which this release has as well.`,
          data: { name, removed: 'true' },
        },
      ];
    }),
    ...optionUses(context).flatMap(({ name, path }) => {
      const facts = optionFacts(name);
      if (facts?.deprecated !== true || facts.replacedBy === undefined) return [];
      return [
        {
          ...firstPlace(context.document, key(path)),
          message: say`${name} is going away: K3s will refuse to start with it in a later release. Use ${facts.replacedBy}.`,
          data: { name, use: facts.replacedBy },
        },
      ];
    }),
  ],
  fix: ({ document }, finding): readonly Fix[] => {
    const { name = '', use = '' } = finding.data ?? {};
    if (finding.data?.['removed'] !== undefined) return replaceRemoved(document, finding);
    if (name !== IMAGE)
      return [
        {
          title: say`Rename it to ${use}`,
          edits: renameKey(document, finding.path, use + (String(finding.path.at(-1)).endsWith('+') ? '+' : '')),
          safe: true,
        },
      ];
    const image = scalarText(valueAt(document.data, finding.path));
    const target = [...finding.path.slice(0, -1), use];
    if (image === undefined || valueAt(document.data, target) !== undefined) return [];
    const edits = inSequence(
      document,
      (current: ClusterDocument) => removeEntry(current, finding.path),
      (current: ClusterDocument) => setValue(current, target, [`default-job-image=${image}`]),
    );
    return [{ title: say`Write ${use}: [default-job-image=…]`, edits, safe: false }];
  },
});
