import { later, say } from '../../base/say';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { removeOption } from '../reading/optionEdits';
import { isOn } from '../../cluster/options';

const ROLE_OPTIONS = ['disable-etcd', 'disable-apiserver'];

export const rolesWithExternalDb = defineRule({
  id: 'roles-with-external-db',
  severity: 'error',
  title: later`Server roles with an external datastore`,
  rationale: `Dedicated etcd and control-plane servers exist only where K3s runs etcd itself. With an external datastore K3s refuses the options: \`invalid flag use; cannot use --disable-etcd with --datastore-endpoint\`.`,
  sources: [SOURCES.serverRoles, SOURCES.datastore],
  check: (context) => {
    if (datastoreKind(context.cluster) !== 'external') return [];
    return writtenOptions(context)
      .filter(
        ({ role, name, value, nodes }) =>
          role === 'server' && ROLE_OPTIONS.includes(name) && isOn(value) && nodes.length > 0,
      )
      .map(({ name, path, nodes }) => ({
        ...firstPlace(context.document, key(path)),
        message: say`${nodeLabels(nodes)} cannot have ${name}: the datastore is external, and K3s stops with "invalid flag use; cannot use --${name} with --datastore-endpoint".`,
      }));
  },
  fix: ({ document }, finding) => [
    { title: say`Remove ${String(finding.path.at(-1))}`, edits: removeOption(document, finding.path), safe: true },
  ],
});
