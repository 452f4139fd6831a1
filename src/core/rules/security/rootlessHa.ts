import { later, said, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { removeOption } from '../reading/optionEdits';
import { etcdMembers } from '../../cluster/roles';
import { isOn } from '../../cluster/options';

const CONSEQUENCES: Readonly<Record<string, string>> = {
  rootless: later`K3s without root supports a single node only, so these machines will not form a cluster`,
  'disable-agent': later`a server without agent is no node of the cluster: kubectl get nodes does not show it, and some parts of K3s cannot run there`,
};

export const rootlessHa = defineRule({
  id: 'rootless-ha',
  severity: 'warning',
  title: later`An experimental mode that does not go with several machines`,
  rationale: `\`rootless\` and \`disable-agent\` are experiments of K3s. Clusters of several machines are not supported without root. A server without agent is missing from the node list, so nothing shows whether it is well; with embedded etcd it does not work at all, because K3s tracks the members of etcd on their nodes.`,
  sources: [SOURCES.advanced, SOURCES.serverOptions],
  check: (context) => {
    const { cluster, document } = context;
    if (cluster.servers.length + cluster.agents.length < 2) return [];
    const isMember = new Set(etcdMembers(cluster));
    return writtenOptions(context)
      .filter(({ name, value, nodes }) => Object.hasOwn(CONSEQUENCES, name) && isOn(value) && nodes.length > 0)
      .map(({ name, path, nodes }) => {
        const members = name === 'disable-agent' ? nodes.filter((node) => isMember.has(node)) : [];
        return members.length === 0
          ? {
              ...firstPlace(document, key(path)),
              message: say`${name} on ${nodeLabels(nodes)}: ${said(CONSEQUENCES[name] ?? '')}.`,
            }
          : {
              ...firstPlace(document, key(path)),
              severity: 'error' as const,
              message: say`disable-agent on ${nodeLabels(members)}: K3s keeps track of the members of embedded etcd on their Node, and a server without agent has none. It stays with "Tunnel watches failed to wait for apiserver ready", and is not supported. A taint keeps workloads away as well.`,
            };
      });
  },
  fix: ({ document }, finding) => [
    { title: say`Remove ${String(finding.path.at(-1))}`, edits: removeOption(document, finding.path), safe: false },
  ],
});
