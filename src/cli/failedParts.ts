import type { Cluster } from '../core/cluster/cluster';
import { problem, type Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';
import { closest } from '../core/base/suggestion';
import { abridge } from '../core/topology/abridge';
import { buildGraph } from '../core/topology/graph';

/** Kinds that a name alone means, the first ones before others: a server and its member of etcd have one name. */
const NAMED = ['server', 'agent', 'balancer-host', 'database', 'etcd-member'];

/** The ids of the parts that a person names: a node or host by its name, everything by its id, such as `zone:rack-b`. */
export function failedParts(cluster: Cluster, names: readonly string[]): Result<readonly string[], Problem> {
  const { parts } = buildGraph(abridge(cluster).cluster, []);
  const named = NAMED.flatMap((kind) => parts.filter((part) => part.kind === kind));
  const ids: string[] = [];
  for (const name of names) {
    const found =
      parts.find(({ id }) => id === name) ?? named.find(({ label, nodeId }) => [label, nodeId].includes(name));
    if (found === undefined)
      return err(unknown(name, [...parts.map(({ id }) => id), ...named.map(({ label }) => label)]));
    ids.push(found.id);
  }
  return ok(ids);
}

function unknown(name: string, known: readonly string[]): Problem {
  const near = closest(name, known);
  return problem(
    'part-unknown',
    `The cluster has no part "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    {
      nextSteps: ['Name nodes and hosts by their names, zones as zone:NAME, the fixed address as load-balancer.'],
    },
  );
}
