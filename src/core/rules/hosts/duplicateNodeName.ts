import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix } from '../rule';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import { firstAtPlace, isOwnEntry, nodeByKey, nodeKey, samePath } from '../reading/places';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nextName } from '../../base/names';
import { listWordsOf } from '../reading/words';
import { hasNodeId, namePlace, registeredName, rename } from '../reading/nodeNames';
import { nodesOf } from '../../cluster/roles';

export const duplicateNodeName = defineRule({
  id: 'duplicate-node-name',
  severity: 'error',
  title: later`Two nodes have the same name`,
  rationale: `A node protects its name with a password of its own. A second machine with the same name presents another password and is refused: \`Node password rejected, duplicate hostname\`. With embedded etcd the join already fails with \`duplicate node name found\`.

Where host names cannot be made unique, \`with-node-id: true\` lets K3s append a random id to each.`,
  sources: [SOURCES.requirements, SOURCES.architecture],
  check: (context) => {
    const reports: Report[] = [];
    const nodes = nodesOf(context.cluster);
    const named = byName(nodes);
    const first = new Map<string, ClusterNode>();
    for (const node of nodes) {
      const name = registeredName(node)?.toLowerCase();
      if (name === undefined || name === '' || hasReference(name) || hasNodeId(node)) continue;
      const twin = first.get(name);
      if (twin === undefined) {
        first.set(name, node);
        continue;
      }
      const place = namePlace(context, node);
      const twins = named.get(name) ?? [];
      reports.push({
        ...place,
        message: say`The machines ${listWordsOf(twins, ({ host }) => host)} would all register as ${name}: the first keeps the name, the others are refused with "Node password rejected, duplicate hostname".`,
        ...(samePath(twin.path, node.path)
          ? {}
          : { related: [{ ...namePlace(context, twin), message: say`${twin.host} has this name already.` }] }),
        data: { node: nodeKey(node) },
      });
    }
    return firstAtPlace(reports);
  },
  fix: (context, finding): readonly Fix[] => {
    const nodes = nodesOf(context.cluster);
    const node = nodeByKey(context.cluster, finding.data?.['node']);
    if (node === undefined) return [];
    const taken = nodes.flatMap((other) => registeredName(other)?.toLowerCase() ?? []);
    const name = nextName(taken, registeredName(node)?.toLowerCase() ?? node.role);
    const renaming: Fix = { title: say`Rename it to ${name}`, edits: rename(context, node, name), safe: false };
    const numbering: Fix = {
      title: say`Let K3s append a unique id to the name (with-node-id)`,
      edits: setValue(context.document, [...node.path, 'config', 'with-node-id'], true),
      safe: false,
    };
    return isOwnEntry(context.cluster, node) ? [renaming, numbering] : [numbering];
  },
});

/** All nodes by the name that they register with, in lower case. */
function byName(nodes: readonly ClusterNode[]): ReadonlyMap<string, readonly ClusterNode[]> {
  const named = new Map<string, ClusterNode[]>();
  for (const node of nodes) {
    const name = registeredName(node)?.toLowerCase();
    const same = name === undefined ? undefined : named.get(name);
    if (same !== undefined) same.push(node);
    else if (name !== undefined) named.set(name, [node]);
  }
  return named;
}
