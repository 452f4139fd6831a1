import { defineRule } from '../reading/defineRule';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { removeOption } from '../reading/optionEdits';
import { isOn } from '../../cluster/options';

const CONSEQUENCES: Readonly<Record<string, string>> = {
  rootless: 'K3s without root supports a single node only, so these machines will not form a cluster',
  'disable-agent':
    'a server without agent is no node of the cluster: kubectl get nodes does not show it, and some parts of K3s cannot run there',
};

export const rootlessHa = defineRule({
  id: 'rootless-ha',
  severity: 'warning',
  title: 'An experimental mode that does not go with several machines',
  rationale: `\`rootless\` and \`disable-agent\` are experiments of K3s. Clusters of several machines are not supported without root. A server without agent is missing from the node list, so nothing shows whether it is well.`,
  sources: [SOURCES.advanced, SOURCES.serverOptions],
  check: (context) => {
    const { cluster, document } = context;
    if (cluster.servers.length + cluster.agents.length < 2) return [];
    return writtenOptions(context)
      .filter(({ name, value, nodes }) => Object.hasOwn(CONSEQUENCES, name) && isOn(value) && nodes.length > 0)
      .map(({ name, path, nodes }) => ({
        ...firstPlace(document, key(path)),
        message: `${name} on ${nodeLabels(nodes)}: ${CONSEQUENCES[name] ?? ''}.`,
      }));
  },
  fix: ({ document }, finding) => [
    { title: `Remove ${String(finding.path.at(-1))}`, edits: removeOption(document, finding.path), safe: false },
  ],
});
