import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { firstPlace, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';
import { removeOption } from '../reading/optionEdits';
import { nobodyFounds } from '../reading/founding';
import { writtenText } from '../../cluster/written';

export const noInitialServer = defineRule({
  id: 'no-initial-server',
  severity: 'error',
  title: later`Every server joins, none begins`,
  rationale: `A cluster with embedded etcd begins with one server that founds it. A server with \`server\` in its configuration waits for somebody to join, so when all have it, all wait.

Once the cluster exists the option does no harm: servers with etcd data on their disk pass over it. That is when it protects a first server that was wiped: it joins again instead of founding a second cluster. K3s HA takes care of this by itself, so nothing needs to be written here.`,
  sources: [SOURCES.haEmbedded, SOURCES.managed],
  check: (context) => {
    const { cluster, document } = context;
    const [first] = cluster.servers;
    if (first === undefined || !nobodyFounds(cluster)) return [];
    return [
      {
        ...firstPlace(document, ...optionPaths(context, first, 'server').map(value)),
        message: say`${cluster.servers.length === 1 ? say`${nodeLabel(first)}, the only server, joins` : say`Every server joins`} through ${writtenText(first, 'server') ?? ''} and none founds the cluster: on new machines all of them wait for an API that nobody starts.`,
      },
    ];
  },
  fix: (context) => {
    const [first] = context.cluster.servers;
    const [path] = first === undefined ? [] : optionPaths(context, first, 'server');
    if (first === undefined || path === undefined) return [];
    const title =
      path[1] === 'nodes'
        ? say`Let ${nodeLabel(first)} found the cluster (remove its server)`
        : say`Remove server (the first one founds, the others join through it)`;
    return [{ title, edits: removeOption(context.document, path), safe: false }];
  },
});
