import { createDraft, type Draft } from '../../src/core/plan/draft';
import type { Cluster } from '../../src/core/cluster/cluster';
import type { HostFacts } from '../../src/core/facts/probe';
import type { SnapshotObject } from '../../src/core/remote/listSnapshots';
import { finish } from '../../src/core/base/steps';
import { operationById } from '../../src/engine/operations/registry';
import type { LiveCluster, Situation } from '../../src/engine/planning/situation';
import { provisionedFacts, situationOf } from './plans';

export const SNAPSHOTS = '/var/lib/rancher/k3s/server/db/snapshots';

/** A running cluster whose servers have snapshots on their disks: name and size, by server. */
export function factsWithSnapshots(
  cluster: Cluster,
  files: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Map<string, HostFacts> {
  const facts = provisionedFacts(cluster);
  for (const [id, sizes] of Object.entries(files)) {
    const seen = facts.get(id);
    const entries = Object.entries(sizes).map(([name, size]) => {
      const time = Number(/-(\d{9,})(?:\.zip)?$/.exec(name)?.[1] ?? 1_795_739_000);
      return [name, { size, time }] as const;
    });
    if (seen !== undefined) facts.set(id, { ...seen, snapshots: { folder: SNAPSHOTS, files: new Map(entries) } });
  }
  return facts;
}

/** What the cluster says of itself. */
export function liveWith(snapshots: readonly SnapshotObject[], more: Partial<LiveCluster> = {}): LiveCluster {
  return { through: 'server-1', nodes: [], snapshots, ...more };
}

/** What is meant once the hosts are seen, and what would be done about it. */
export function planned(
  id: string,
  cluster: Cluster,
  facts: ReadonlyMap<string, HostFacts>,
  intent: object,
  more: Partial<Situation> = {},
): {
  readonly draft: Draft;
  readonly intent: object;
  readonly steps: readonly string[];
  readonly problems: readonly string[];
} {
  const operation = operationById(id);
  const situation = situationOf(cluster, facts, more);
  const bound = operation.bind?.(situation, intent) ?? intent;
  const draft = createDraft();
  const steps = operation.plan(situation, bound, draft);
  if (steps !== undefined) finish(steps);
  return {
    draft,
    intent: bound,
    steps: draft.problems.length > 0 ? [] : draft.steps.map((step) => step.id),
    problems: draft.problems.map(({ code }) => code),
  };
}
