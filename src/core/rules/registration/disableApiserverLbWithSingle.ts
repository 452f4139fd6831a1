import { later, say } from '../../base/say';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { ownerOf, parseServerUrl } from '../reading/addresses';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, optionPaths } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { optionPathsOf, removeAll } from '../reading/optionEdits';
import { nodeLabel, nodeLabels } from '../reading/words';
import { registrationUrl } from '../../cluster/registration';
import { isWrittenOn, writtenText } from '../../cluster/written';

export const disableApiserverLbWithSingle = defineRule({
  id: 'disable-apiserver-lb-with-single',
  severity: 'warning',
  title: later`Agents without their own load balancer depend on one server`,
  rationale: `An agent learns the addresses of all servers and changes over when one is down. \`disable-apiserver-lb\` switches that off: all its traffic goes to the address it registered at. That is right behind a load balancer, and gives the agent up to a single machine otherwise.`,
  sources: [SOURCES.agentOptions, SOURCES.architecture],
  check: (context) => {
    const { cluster, document } = context;
    if (cluster.servers.length < 2) return [];
    const pinned = cluster.agents.filter(
      (agent) => isWrittenOn(agent, 'disable-apiserver-lb') && pinnedTo(context, agent) !== undefined,
    );
    const [first] = pinned;
    const server = first === undefined ? undefined : pinnedTo(context, first);
    if (first === undefined || server === undefined) return [];
    return [
      {
        ...firstPlace(document, ...optionPaths(context, first, 'disable-apiserver-lb').map(key)),
        message: say`${nodeLabels(pinned)} ${pinned.length === 1 ? 'talks' : 'talk'} to ${nodeLabel(server)} only: without ${pinned.length === 1 ? 'its' : 'their'} own load balancer ${pinned.length === 1 ? 'it is' : 'they are'} cut off whenever that server is down, although ${cluster.servers.length - 1} more could answer.`,
      },
    ];
  },
  fix: (context) => {
    const pinned = context.cluster.agents.filter(
      (agent) => isWrittenOn(agent, 'disable-apiserver-lb') && pinnedTo(context, agent) !== undefined,
    );
    return [
      {
        title: say`Remove disable-apiserver-lb`,
        edits: removeAll(context.document, optionPathsOf(context, pinned, 'disable-apiserver-lb')),
        safe: true,
      },
    ];
  },
});

/** The one server that the agent registers at, unless it is a fixed address. */
function pinnedTo({ cluster }: RuleContext, agent: ClusterNode): ClusterNode | undefined {
  const url = writtenText(agent, 'server') ?? registrationUrl(cluster);
  const host = url === undefined ? undefined : parseServerUrl(url)?.host;
  return host === undefined ? undefined : ownerOf(cluster.servers, host);
}
