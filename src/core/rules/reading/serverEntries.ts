import { say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { appendItem, removeEntry, setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix, RuleContext } from '../rule';
import { datastoreKind } from './datastore';
import { inSequence } from '../../document/inSequence';
import { isOwnEntry } from './places';
import { nextName } from '../../base/names';
import { listWords, nodeLabel } from './words';
import { nodesOf } from '../../cluster/roles';

/** A fix that appends servers whose address the user has to fill in; the name stands for it until then. */
export function addServers(context: RuleContext, count: number, options: { readonly embeddedEtcd: boolean }): Fix {
  const { cluster, document } = context;
  const taken = nodesOf(cluster).flatMap((node) => [nodeLabel(node), node.host]);
  const pattern = cluster.servers.map((server) => server.name).find((name) => name !== undefined) ?? 'server-1';
  const names: string[] = [];
  for (let i = 0; i < count; i += 1) names.push(nextName([...taken, ...names], pattern, cluster.servers.length + 1));
  const entries = names.map((name) => ({ host: `${name}.example.com`, name }));
  const steps = entries.map((entry) => (current: ClusterDocument) => appendItem(current, ['servers', 'nodes'], entry));
  const switches = options.embeddedEtcd && datastoreKind(cluster) === 'sqlite';
  if (switches) steps.push((current) => setValue(current, ['datastore'], { type: 'embedded-etcd' }));
  return {
    title: say`Add ${listWords(names)} (fill in ${count === 1 ? 'its address' : 'their addresses'}${switches ? say`; switches to embedded etcd` : ''})`,
    edits: inSequence(document, ...steps),
    safe: false,
  };
}

/** Fixes that take one server out; none when its entry in the file stands for several hosts. */
export function removeServer(
  context: RuleContext,
  server: ClusterNode | undefined,
  consequence: string,
): readonly Fix[] {
  if (server === undefined || !isOwnEntry(context.cluster, server)) return [];
  return [
    {
      title: say`Remove ${nodeLabel(server)} (${consequence})`,
      edits: removeEntry(context.document, server.path),
      safe: false,
    },
  ];
}
