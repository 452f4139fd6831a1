import { later, said, say } from '../../base/say';
import type { ClusterNode } from '../../cluster/cluster';
import { apiServers, nodesOf } from '../../cluster/roles';
import { isWrittenOn, writtenList } from '../../cluster/written';
import { canonicalAddress, sameAddress } from '../../k3s/cidr';
import type { RuleContext } from '../rule';
import { isLoopback } from '../reading/endpoints';
import { defineRule, type Report } from '../reading/defineRule';
import { optionPathsOf, removeAll } from '../reading/optionEdits';
import { firstPlace, value } from '../reading/places';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';

const CONSEQUENCES: Readonly<Record<string, string>> = {
  'advertise-address': later`agents and pods would be sent to one of them for the API of all`,
  'node-external-ip': later`they would be told to the others at one address, which only one of them has`,
  'bind-address': later`K3s does not start on a machine that does not have it`,
};

export const machineValueShared = defineRule({
  id: 'machine-value-shared',
  severity: 'error',
  title: later`Several machines are told to have the same address`,
  rationale: `\`advertise-address\`, \`node-external-ip\` and \`bind-address\` are addresses of one machine. Written under \`servers.config\` they hold for every server, as happens when the configuration of the first server becomes the one of all: the API is then advertised at one address only, and with a \`bind-address\` that a machine does not have K3s does not start there.

Servers behind one router may share an external address; then each needs an \`advertise-address\` of its own.`,
  sources: [SOURCES.serverOptions, SOURCES.agentOptions],
  check: (context) => Object.keys(CONSEQUENCES).flatMap((option) => shared(context, option)),
  fix: (context, finding) => {
    const option = finding.data?.['option'] ?? '';
    const paths = optionPathsOf(context, concerned(context, option), option);
    return paths.length !== 1
      ? []
      : [
          {
            title: say`Remove ${option}, so that each machine has its own`,
            edits: removeAll(context.document, paths),
            safe: false,
          },
        ];
  },
});

function shared(context: RuleContext, option: string): readonly Report[] {
  const byAddress = new Map<string, ClusterNode[]>();
  for (const node of concerned(context, option))
    for (const address of writtenList(node, option)) {
      if (
        hasReference(address) ||
        isCarried(context, option, address) ||
        isLoopback(address) ||
        /^(?:0\.0\.0\.0|\[?::\]?)$/.test(address)
      )
        continue;
      const same = byAddress.get(canonicalAddress(address));
      if (same === undefined) byAddress.set(canonicalAddress(address), [node]);
      else same.push(node);
    }
  return [...byAddress.values()].flatMap((nodes): Report[] => {
    const [first, ...others] = nodes;
    if (first === undefined || others.length === 0) return [];
    const paths = optionPathsOf(context, nodes, option);
    return [
      {
        ...firstPlace(context.document, ...paths.slice(-1).map(value)),
        message: say`${nodeLabels(nodes)} ${nodes.length === 2 ? 'both' : 'all'} have ${option}: ${writtenList(first, option).join(',')}. It belongs to one machine: ${said(CONSEQUENCES[option] ?? '')}.`,
        related: paths
          .slice(0, -1)
          .slice(0, 10)
          .map((path) => ({
            ...firstPlace(context.document, value(path)),
            message: say`The same address.`,
          })),
        data: { option },
      },
    ];
  });
}

/** A fixed address that moves between the servers may be what all of them advertise. */
function isCarried({ cluster: { loadBalancer } }: RuleContext, option: string, address: string): boolean {
  return option === 'advertise-address' && loadBalancer !== undefined && sameAddress(loadBalancer.address, address);
}

/** The machines on which an equal value is a fault. */
function concerned({ cluster }: RuleContext, option: string): readonly ClusterNode[] {
  if (option === 'bind-address') return nodesOf(cluster);
  const servers = apiServers(cluster);
  if (option === 'advertise-address') return servers;
  // Machines behind one router share its address, which does no harm while they are reached by another one.
  const tunnels = cluster.servers.some((server) => isWrittenOn(server, 'flannel-external-ip'));
  if (tunnels) return nodesOf(cluster);
  const advertised = servers.map((server) => writtenList(server, 'advertise-address')[0]);
  return new Set(advertised).size === servers.length && !advertised.includes(undefined) ? [] : servers;
}
