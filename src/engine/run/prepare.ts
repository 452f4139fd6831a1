import type { Problem } from '../../core/base/problem';
import { probe, type HostFacts } from '../../core/remote/probe';
import { buildPlan, clusterCaHash } from '../operations/provision';
import type { Plan } from '../../core/plan/plan';
import type { Cluster } from '../../core/cluster/cluster';
import { desiredNodes, secretTexts, type NodeContent, type Sha256 } from '../planning/desired';
import type { RemoteHosts, SecretDoor } from '../ports';
import { resolveSecrets, type ResolvedSecrets } from '../secrets/resolveSecrets';
import { runMask } from './mask';
import { unsendableProblems } from '../secrets/sendable';
import { mapLimit, target } from '../hosts/targets';
import { writtenSecrets } from '../secrets/writtenSecrets';
import { dataDir } from '../../core/cluster/options';
import { nodesOf } from '../../core/cluster/roles';

export interface PlanDependencies {
  readonly hosts: RemoteHosts;
  readonly secrets: SecretDoor;
  readonly sha256: Sha256;
  /** Hosts examined or worked on at the same time. */
  readonly parallel: number;
}

export interface PlanOptions {
  readonly signal?: AbortSignal;
  /** Called when a host has been examined. */
  readonly onProbed?: (node: string, problem: Problem | undefined, done: number, total: number) => void;
}

/** A plan with what is needed to carry it out. `content` holds secrets: it stays inside the engine. */
export interface PreparedPlan {
  readonly cluster: Cluster;
  readonly plan: Plan;
  readonly facts: ReadonlyMap<string, HostFacts>;
  readonly content: ReadonlyMap<string, NodeContent>;
  readonly secrets: ResolvedSecrets;
}

/**
 * Has the person agree to what goes to the hosts, resolves secrets, looks at every host once and computes what has to
 * happen. Changes nothing anywhere.
 */
export async function preparePlan(
  cluster: Cluster,
  deps: PlanDependencies,
  options: PlanOptions = {},
): Promise<PreparedPlan> {
  const nodes = nodesOf(cluster);
  const admitted = await deps.secrets.admit();
  if (!admitted.ok) return refusedPlan(cluster, admitted.error);
  const resolved = await resolveSecrets(secretTexts(cluster), deps.secrets);
  const known: ResolvedSecrets = resolved.ok ? resolved.value : { text: (written) => written, masks: [] };
  const secrets: ResolvedSecrets = { ...known, masks: [...known.masks, ...writtenSecrets(cluster, known)] };
  const mask = runMask(secrets.masks, deps.hosts);
  const facts = new Map<string, HostFacts>();
  let done = 0;
  const failures = await mapLimit(nodes, deps.parallel, async (node) => {
    const outcome = await deps.hosts.run(
      target(node),
      probe(dataDir(cluster, node)),
      options.signal === undefined ? {} : { signal: options.signal },
    );
    const failure = outcome.kind === 'done' ? undefined : outcome.problem;
    if (outcome.kind === 'done') facts.set(node.id, outcome.value);
    done += 1;
    options.onProbed?.(node.id, failure === undefined ? undefined : mask.problem(failure), done, nodes.length);
    return failure;
  });
  const content = desiredNodes(cluster, secrets, deps.sha256, clusterCaHash(cluster, facts));
  const problems = [
    ...(resolved.ok ? unsendableProblems(cluster, content) : resolved.error),
    ...failures.filter((failure) => failure !== undefined),
  ];
  const plan = buildPlan(cluster, facts, content);
  const complete: Plan =
    problems.length === 0 ? plan : { ...plan, steps: [], problems: [...problems, ...plan.problems] };
  return { cluster, plan: mask.plan(complete), facts, content, secrets };
}

/** No host was asked anything. */
function refusedPlan(cluster: Cluster, why: Problem): PreparedPlan {
  const plan: Plan = { clusterName: cluster.name, nodes: nodesOf(cluster), steps: [], problems: [why], notes: [] };
  return { cluster, plan, facts: new Map(), content: new Map(), secrets: { text: (written) => written, masks: [] } };
}
