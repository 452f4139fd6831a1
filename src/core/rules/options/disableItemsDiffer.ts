import { later, say } from '../../base/say';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix, RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { hoistOption } from '../reading/hoist';
import { firstPlace, key, optionPaths } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { describeGroups, listWords, nodeLabels } from '../reading/words';
import { writtenList } from '../../cluster/written';

const COMPARED = 'servicelb';

export const disableItemsDiffer = defineRule({
  id: 'disable-items-differ',
  severity: 'info',
  title: later`Servers disable different components`,
  rationale: `Every server deploys the packaged components that it does not disable, for the whole cluster. When servers differ, the last one that started decides, and a component that one of them disabled comes back with the next restart of another.

\`servicelb\` is stricter: with embedded etcd a server that differs from the first one there does not start.`,
  sources: [SOURCES.packaged, SOURCES.haEmbedded],
  check: (context) => {
    const [common, ...others] = groupsOf(context);
    const odd = others.flatMap(({ servers }) => servers);
    if (common === undefined || odd.length === 0) return [];
    const at = [...odd, ...common.servers]
      .flatMap((server) => optionPaths(context, server, 'disable'))
      .find((path) => path[1] === 'nodes');
    if (at === undefined) return [];
    const groups = [common, ...others];
    const fatal = new Set(groups.map(({ items }) => items.includes(COMPARED))).size > 1;
    return [
      {
        ...firstPlace(context.document, key(at)),
        severity: fatal ? ('error' as const) : ('info' as const),
        message: say`The servers disable different components: ${describeGroups(groups, ({ items, servers }) => say`${items.length === 0 ? say`none` : listWords(items)} on ${nodeLabels(servers)}`)}. ${fatal ? say`For servicelb K3s compares that and stops with "critical configuration value mismatch between servers".` : say`Whichever starts last decides for the cluster.`}`,
      },
    ];
  },
  fix: (context): readonly Fix[] =>
    groupsOf(context).map(({ items, servers }) => ({
      title: say`Disable ${items.length === 0 ? say`nothing` : listWords(items)} on all servers`,
      edits: hoistOption(context, 'disable', servers[0]),
      safe: false,
    })),
});

/** The servers by what they disable, the most common first. */
function groupsOf({
  cluster,
}: RuleContext): readonly { readonly items: readonly string[]; readonly servers: readonly ClusterNode[] }[] {
  const groups = new Map<string, { items: readonly string[]; servers: ClusterNode[] }>();
  for (const server of cluster.servers) {
    const items = [...new Set(writtenList(server, 'disable'))].sort();
    const group = groups.get(items.join()) ?? { items, servers: [] };
    group.servers.push(server);
    groups.set(items.join(), group);
  }
  return [...groups.values()].sort((a, b) => b.servers.length - a.servers.length);
}
