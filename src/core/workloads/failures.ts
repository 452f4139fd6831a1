import { say } from '../base/say';
import type { Cluster } from '../cluster/cluster';
import { apiServers, nodesOf } from '../cluster/roles';
import { matchNodes } from '../health/matchNodes';
import type { NodeHealth } from '../health/nodeHealth';
import { agentPart, serverPart, zonePart } from '../topology/ids';
import type { Survival } from '../topology/model';
import { zonesOf } from '../topology/roles';
import { survives } from '../topology/survival';

/** Something that fails, and what it takes from the running cluster. */
export interface PlayedFailure {
  /** Of the diagram; several for a set that a person has chosen. */
  readonly parts: readonly string[];
  readonly label: string;
  readonly kind: 'node' | 'zone' | 'chosen';
  /** Nodes of the running cluster that go. */
  readonly nodes: ReadonlySet<string>;
  /** Whether something is left that makes pods anew. */
  readonly decided: boolean;
}

/** Every node alone, then every zone that has more than one node, of the cluster that runs. */
export function singleNodeFailures(
  cluster: Cluster,
  live: readonly NodeHealth[],
  down: readonly string[] = [],
): readonly PlayedFailure[] {
  const names = nodeNames(cluster, live);
  const before = decides(cluster, survives(cluster, down));
  const nodes = [...names].map(([part, name]): PlayedFailure => {
    // What an agent is part of decides nothing.
    const decided = part.startsWith(agentPart('')) ? before : decides(cluster, survives(cluster, [...down, part]));
    return { parts: [part], label: name, kind: 'node', nodes: new Set([name]), decided };
  });
  const zones = zonesOf(nodesOf(cluster)).filter((zone) => zone !== undefined);
  const played = zones.map((zone) => ({ ...chosenFailure(cluster, live, [...down, zonePart(zone)]), zone }));
  return [
    ...nodes,
    ...(zones.length < 2 ? [] : played)
      .filter((each) => each.nodes.size > 1)
      .map(({ zone, ...each }): PlayedFailure => ({
        ...each,
        parts: [zonePart(zone)],
        label: say`zone ${zone}`,
        kind: 'zone',
      })),
  ];
}

/** What goes when all of these parts of the diagram fail together. */
export function chosenFailure(cluster: Cluster, live: readonly NodeHealth[], parts: readonly string[]): PlayedFailure {
  const survival = survives(cluster, parts);
  const failed = new Set(survival.failed);
  const names = [...nodeNames(cluster, live)].filter(([part]) => failed.has(part)).map(([, name]) => name);
  return {
    parts,
    label: parts.join(', '),
    kind: 'chosen',
    nodes: new Set(names),
    decided: decides(cluster, survival),
  };
}

/** Nodes of the running cluster by the parts of the diagram; servers that the file does not name have one, too. */
function nodeNames(cluster: Cluster, live: readonly NodeHealth[]): ReadonlyMap<string, string> {
  const { matched, undeclared } = matchNodes(cluster, live);
  const names = new Map<string, string>();
  for (const [{ role, id }, at] of matched) {
    const name = at === undefined ? undefined : live[at]?.name;
    if (name !== undefined) names.set(role === 'server' ? serverPart(id) : agentPart(id), name);
  }
  for (const { role, name } of undeclared) names.set(role === 'server' ? serverPart(name) : agentPart(name), name);
  return names;
}

/** Scheduler and controllers need one server and the datastore. */
function decides(cluster: Cluster, { datastore, failed }: Survival): boolean {
  return datastore.outcome !== 'no' && apiServers(cluster).some(({ id }) => !failed.includes(serverPart(id)));
}
