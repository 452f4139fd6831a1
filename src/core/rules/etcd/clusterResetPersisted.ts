import { defineRule } from '../support/defineRule';
import { firstPlace, key, writtenOptions } from '../support/places';
import { isOn, scalarText } from '../support/read';
import { SOURCES } from '../support/sources';
import { nodeLabels } from '../support/words';
import { removeOption } from '../support/optionEdits';

export const clusterResetPersisted = defineRule({
  id: 'cluster-reset-persisted',
  severity: 'error',
  title: 'A reset of etcd stands in the configuration',
  rationale: `\`cluster-reset\` throws every other member out of etcd, and \`cluster-reset-restore-path\` replaces its data by a snapshot. They are given once, by hand, on one server. In the configuration they would work at every start of K3s.`,
  sources: [SOURCES.backup, SOURCES.etcdSnapshot],
  check: (context) =>
    writtenOptions(context)
      .filter(({ role, name, value }) => role === 'server' && ((name === 'cluster-reset' && isOn(value)) || (name === 'cluster-reset-restore-path' && scalarText(value) !== undefined)))
      .map(({ name, path, nodes }) => ({
        ...firstPlace(context.document, key(path)),
        message: `${name} would act at every start of K3s on ${nodeLabels(nodes)}: ${name === 'cluster-reset' ? 'all other members are thrown out of etcd' : "etcd's data is replaced by an old snapshot"}. Give it once on the command line instead.`,
      })),
  fix: ({ document }, finding) => [{ title: `Remove ${String(finding.path.at(-1))}`, edits: removeOption(document, finding.path), safe: true }],
});
