import { later, say } from '../../base/say';
import { formatPath } from '../../base/path';
import { canonicalAddress, sameAddress } from '../../k3s/cidr';
import type { ClusterNode } from '../../cluster/cluster';
import { removeEntry } from '../../document/edit';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, hostPlace, isOwnEntry, nodeByKey, nodeKey, optionPaths, samePath, value } from '../reading/places';
import { removeOption } from '../reading/optionEdits';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { listWordsOf, nodeLabel } from '../reading/words';
import { nodesOf } from '../../cluster/roles';
import { writtenText, writtenValue } from '../../cluster/written';

/** Nodes at one address that a further one is compared with; an address with more forwarded ports than that is none of a person. */
const COMPARED = 100;

export const duplicateHostAddress = defineRule({
  id: 'duplicate-host-address',
  severity: 'error',
  title: later`Two nodes are the same machine`,
  rationale: `One machine runs one K3s node. Listed twice it would be installed twice over itself: the second run overwrites the unit and the configuration of the first, and a server that is counted twice gives an etcd quorum that does not exist.

Two hosts count as the same when they have the same address and SSH port behind the same jump host, or the same \`node-ip\`.`,
  sources: [SOURCES.requirements],
  check: ({ cluster, document }) => {
    const nodes = nodesOf(cluster);
    const seen = new Map<string, ClusterNode[]>();
    const reports: Report[] = [];
    // An address that a role or a range gives to many machines is told once.
    const told = new Set<string>();
    for (const node of nodes) {
      const candidates = [...new Set([node.host, node.address].map(bucket))].flatMap((name) => seen.get(name) ?? []);
      const twin = candidates.find((other) => reasonFor(other, node) !== undefined);
      if (twin !== undefined) {
        const reason = reasonFor(twin, node);
        const option = reason === 'node-ip' ? optionPaths({ cluster, document }, node, 'node-ip')[0] : undefined;
        const sharers =
          option === undefined ? [twin, node] : nodes.filter((other) => sameAddress(other.address, node.address));
        if (option !== undefined && told.has(formatPath(option))) continue;
        if (option !== undefined) told.add(formatPath(option));
        reports.push({
          ...(option === undefined ? hostPlace(document, node) : firstPlace(document, value(option))),
          message:
            reason === 'node-ip'
              ? say`${listWordsOf(sharers, (each) => (nodeLabel(node) === nodeLabel(twin) ? each.host : nodeLabel(each)))} ${sharers.length === 2 ? 'both' : 'all'} have the node address ${node.address}: the cluster could not tell them apart, and traffic for one reaches the other.`
              : say`${sameMachine(node, twin)} (${node.host}): the second installation would overwrite the first.`,
          related: [{ ...hostPlace(document, twin), message: say`${nodeLabel(twin)} is at ${twin.host}.` }],
          data: { node: nodeKey(node) },
        });
      }
      for (const name of new Set([node.host, node.address].map(bucket))) remember(seen, name, node);
    }
    return reports;
  },
  fix: ({ cluster, document }, finding) => {
    const node = nodeByKey(cluster, finding.data?.['node']);
    if (node === undefined) return [];
    const isOfMany = finding.path.at(-1) === 'node-ip' && !samePath(finding.path.slice(0, node.path.length), node.path);
    if (isOfMany)
      return [
        {
          title: say`Remove node-ip, so that each machine has its own`,
          edits: removeOption(document, finding.path),
          safe: false,
        },
      ];
    if (!isOwnEntry(cluster, node)) return [];
    return [
      { title: say`Remove this entry of ${nodeLabel(node)}`, edits: removeEntry(document, node.path), safe: false },
    ];
  },
});

function bucket(address: string): string {
  return address.includes(':') || address.endsWith('.') ? canonicalAddress(address) : address.toLowerCase();
}

function sameMachine(node: ClusterNode, twin: ClusterNode): string {
  if (nodeLabel(node) !== nodeLabel(twin)) return say`${nodeLabel(node)} and ${nodeLabel(twin)} are the same machine`;
  return node.role === twin.role
    ? say`${nodeLabel(node)} is listed twice as the same machine`
    : say`${nodeLabel(node)} is listed as ${twin.role} and as ${node.role} of the same machine`;
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
