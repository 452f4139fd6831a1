import { later, say } from '../../base/say';
import { datastoreKind, datastorePlace } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { removeOption } from '../reading/optionEdits';
import { isOn } from '../../cluster/options';
import { scalarText } from '../../cluster/configValue';

export const clusterInitIgnored = defineRule({
  id: 'cluster-init-ignored',
  severity: 'warning',
  title: later`cluster-init or server has no effect with an external datastore`,
  rationale: `With a datastore endpoint the servers find each other through the database. K3s then ignores \`cluster-init\` and, on servers, \`server\`, without a word in its log. Whoever wrote them expected embedded etcd, and gets something else.`,
  sources: [SOURCES.managed],
  check: (context) => {
    if (datastoreKind(context.cluster) !== 'external') return [];
    const place = datastorePlace(context);
    return writtenOptions(context)
      .filter(
        ({ role, name, value }) =>
          role === 'server' &&
          ((name === 'cluster-init' && isOn(value)) || (name === 'server' && scalarText(value) !== undefined)),
      )
      .map(({ name, path }) => ({
        ...firstPlace(context.document, key(path)),
        message: say`K3s ignores ${name} here without a message, because the servers share an external datastore; there will be no embedded etcd.`,
        related: [{ ...place, message: say`The external datastore.` }],
        data: { name },
      }));
  },
  fix: ({ document }, finding) => [
    { title: say`Remove ${finding.data?.['name'] ?? 'it'}`, edits: removeOption(document, finding.path), safe: true },
  ],
});
