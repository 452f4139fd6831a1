import { err, ok, type Result } from '../base/result';
import type { Cluster } from '../cluster/cluster';
import { normalise } from '../cluster/normalise';
import { nodesOf } from '../cluster/roles';
import type { ClusterDocument } from '../document/clusterDocument';
import { appendItem } from '../document/edit';
import { applyEdits } from '../base/text';
import { parseDocument } from '../document/parse';
import { matchNodes } from '../health/matchNodes';
import type { NodeHealth } from '../health/nodeHealth';

/** A cluster file as it is read, with the model of it. */
interface Described {
  readonly document: ClusterDocument;
  readonly cluster: Cluster;
}

/** Names of nodes that the cluster has and the file does not. */
export function strangers(cluster: Cluster, live: readonly NodeHealth[]): readonly string[] {
  return matchNodes(cluster, live).undeclared.map(({ name }) => name);
}

/**
 * The file as if it named these nodes of the running cluster, too: they are reached by the address that the cluster has of them,
 * with the logins of the file, and everything that is asked about machines of the file is asked about them. The file itself
 * stays as it is. The error is a sentence.
 */
export function withStrangers(
  { document, cluster }: Described,
  names: readonly string[],
  live: readonly NodeHealth[],
): Result<Described, string> {
  const declared = new Set(nodesOf(cluster).map(({ id }) => id));
  const known = new Map(matchNodes(cluster, live).undeclared.map((node) => [node.name, node]));
  let described: Described = { document, cluster };
  for (const node of names.filter((name) => !declared.has(name)).flatMap((name) => known.get(name) ?? [])) {
    const { name, role, internalIp } = node;
    if (internalIp === undefined) return err(`The Node ${name} has no address at which its machine could be reached.`);
    const edits = appendItem(described.document, [`${role}s`, 'nodes'], { host: internalIp, name });
    if (edits.length === 0)
      return err(`The file is written in a way that ${name} cannot be added to it: add it by hand.`);
    const next = parseDocument(applyEdits(described.document.text, edits), described.document);
    described = { document: next, cluster: normalise(next.data) };
  }
  return ok(described);
}
