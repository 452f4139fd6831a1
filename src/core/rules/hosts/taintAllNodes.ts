import { later, say } from '../../base/say';
import { appendItem } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, optionPaths } from '../reading/places';
import { optionPathsOf, removeAll } from '../reading/optionEdits';
import { SOURCES } from '../reading/sources';
import { nodesOf } from '../../cluster/roles';
import { writtenList } from '../../cluster/written';

export const taintAllNodes = defineRule({
  id: 'taint-all-nodes',
  severity: 'error',
  title: later`No node takes workloads`,
  rationale: `A taint with \`NoSchedule\` or \`NoExecute\` keeps pods away that do not tolerate it. When every node has one, nothing of yours is ever scheduled; and with a taint of your own even CoreDNS has nowhere to run.`,
  sources: [SOURCES.ha, SOURCES.taints],
  check: (context) => {
    const { cluster, document } = context;
    const nodes = nodesOf(cluster);
    const [first] = cluster.servers;
    if (first === undefined || !nodes.every(repels)) return [];
    return [
      {
        ...firstPlace(document, ...optionPaths(context, first, 'node-taint').map(key)),
        message: say`${nodes.length === 1 ? say`The only node has` : say`All ${nodes.length} nodes have`} a taint that keeps workloads away${cluster.agents.length === 0 ? say`, and there are no agents` : ''}: pods stay Pending for ever.`,
      },
    ];
  },
  fix: (context): readonly Fix[] => {
    const { cluster, document } = context;
    const agent = { host: 'agent-1.example.com', name: 'agent-1' };
    const add =
      cluster.agents.length > 0
        ? []
        : [
            {
              title: say`Add agent-1 for the workloads (fill in its address)`,
              edits: appendItem(document, ['agents', 'nodes'], agent),
              safe: false,
            },
          ];
    return [
      ...add,
      {
        title: say`Let the servers take workloads (remove node-taint)`,
        edits: removeAll(document, optionPathsOf(context, cluster.servers, 'node-taint')),
        safe: false,
      },
    ];
  },
});

function repels(node: ClusterNode): boolean {
  return writtenList(node, 'node-taint').some((taint) => /:(?:NoSchedule|NoExecute)$/.test(taint));
}
