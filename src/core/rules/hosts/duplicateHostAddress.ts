import { canonicalAddress, sameAddress } from '../../k3s/cidr';
import type { ClusterNode } from '../../cluster/cluster';
import { removeEntry } from '../../document/edit';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, hostPlace, isOwnEntry, nodeByKey, nodeKey, optionPaths, value } from '../reading/places';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';
import { nodesOf } from '../../cluster/roles';
import { writtenText, writtenValue } from '../../cluster/written';

/** Nodes at one address that a further one is compared with; an address with more forwarded ports than that is none of a person. */
const COMPARED = 100;

export const duplicateHostAddress = defineRule({
  id: 'duplicate-host-address',
  severity: 'error',
  title: 'Two nodes are the same machine',
  rationale: `One machine runs one K3s node. Listed twice it would be installed twice over itself: the second run overwrites the unit and the configuration of the first, and a server that is counted twice gives an etcd quorum that does not exist.

Two hosts count as the same when they have the same address and SSH port behind the same jump host, or the same \`node-ip\`.`,
  sources: [SOURCES.requirements],
  check: ({ cluster, document }) => {
    const nodes = nodesOf(cluster);
    const seen = new Map<string, ClusterNode[]>();
    const reports: Report[] = [];
    for (const node of nodes) {
      const candidates = [...new Set([node.host, node.address].map(bucket))].flatMap((name) => seen.get(name) ?? []);
      const twin = candidates.find((other) => reasonFor(other, node) !== undefined);
      if (twin !== undefined) {
        const reason = reasonFor(twin, node);
        const option = optionPaths({ cluster, document }, node, 'node-ip')[0];
        reports.push({
          ...(reason === 'node-ip' && option !== undefined
            ? firstPlace(document, value(option))
            : hostPlace(document, node)),
          message:
            reason === 'node-ip'
              ? `${nodeLabel(node)} and ${nodeLabel(twin)} both have the node address ${node.address}: the cluster could not tell them apart, and traffic for one reaches the other.`
              : `${nameOf(node, twin)} and ${nameOf(twin, node)} are the same machine (${node.host}): the second installation would overwrite the first.`,
          related: [{ ...hostPlace(document, twin), message: `${nodeLabel(twin)} is at ${twin.host}.` }],
          data: { node: nodeKey(node) },
        });
      }
      for (const name of new Set([node.host, node.address].map(bucket))) remember(seen, name, node);
    }
    return reports;
  },
  fix: ({ cluster, document }, finding) => {
    const node = nodeByKey(cluster, finding.data?.['node']);
    if (node === undefined || !isOwnEntry(cluster, node)) return [];
    return [{ title: `Remove this entry of ${nodeLabel(node)}`, edits: removeEntry(document, node.path), safe: false }];
  },
});

function bucket(address: string): string {
  return address.includes(':') || address.endsWith('.') ? canonicalAddress(address) : address.toLowerCase();
}

function nameOf(node: ClusterNode, other: ClusterNode): string {
  return nodeLabel(node) === nodeLabel(other)
    ? `this ${node.role === other.role ? 'entry' : node.role}`
    : nodeLabel(node);
}

function reasonFor(a: ClusterNode, b: ClusterNode): 'machine' | 'node-ip' | undefined {
  if ([a.host, b.host, a.address, b.address].some((text) => text === '' || hasReference(text))) return undefined;
  const sameDoor = (a.ssh.port ?? 22) === (b.ssh.port ?? 22) && a.ssh.proxyJump === b.ssh.proxyJump;
  if (sameDoor && sameAddress(a.host, b.host)) return 'machine';
  if (!sameAddress(a.address, b.address)) return undefined;
  // Behind forwarded ports or different jump hosts an equal SSH address says nothing; a written node-ip does.
  const written = [a, b].some(
    (node) => writtenText(node, 'node-ip') !== undefined || Array.isArray(writtenValue(node, 'node-ip')),
  );
  return sameDoor || written ? 'node-ip' : undefined;
}

function remember(seen: Map<string, ClusterNode[]>, name: string, node: ClusterNode): void {
  const same = seen.get(name);
  if (same === undefined) seen.set(name, [node]);
  else if (same.length < COMPARED) same.push(node);
}
