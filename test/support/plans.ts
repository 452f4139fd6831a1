import { createHash } from 'node:crypto';
import { finish } from '../../src/core/base/steps';
import type { Cluster } from '../../src/core/cluster/cluster';
import { machinesOf, nodesOf } from '../../src/core/cluster/roles';
import type { HostFacts } from '../../src/core/facts/probe';
import { createDraft } from '../../src/core/plan/draft';
import type { Plan } from '../../src/core/plan/plan';
import { provision } from '../../src/engine/operations/provision';
import { desiredBalancers } from '../../src/engine/planning/balancers';
import { desiredNodes, type NodeContent } from '../../src/engine/planning/desired';
import { NO_LOCAL_FILES, type LocalFiles } from '../../src/engine/planning/localFile';
import type { Situation } from '../../src/engine/planning/situation';
import { clusterCaHash, serverStart } from '../../src/engine/planning/starts';
import { freshHost, runningUnit } from './cluster';

/** The password in the token of the clusters of tests. */
export const TOKEN = 'f00dfeed';

export const AUTHORITY = 'ab'.repeat(32);

const SECRETS = { text: (written: string): string => written.replaceAll(/\$\{[^}]*\}/g, TOKEN), masks: [TOKEN] };

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What is to stand on the machines of a cluster. */
export function contentFor(
  cluster: Cluster,
  caHash?: string,
  local: LocalFiles = NO_LOCAL_FILES,
  facts?: ReadonlyMap<string, HostFacts>,
): ReadonlyMap<string, NodeContent> {
  return desiredNodes(cluster, SECRETS, sha256, local, caHash, facts);
}

export function situationOf(
  cluster: Cluster,
  facts: ReadonlyMap<string, HostFacts>,
  more: Partial<Situation> = {},
): Situation {
  const desired = contentFor(cluster, clusterCaHash(cluster, facts));
  const balancers = desiredBalancers(cluster, facts, SECRETS);
  return { cluster, facts, unreachable: new Map(), desired, balancers, ...more };
}

/** The plan of a provisioning for what is seen on the machines. */
export function planFor(cluster: Cluster, facts: ReadonlyMap<string, HostFacts>, more: Partial<Situation> = {}): Plan {
  const draft = createDraft();
  const steps = provision.plan(situationOf(cluster, facts, more), {}, draft);
  if (steps !== undefined) finish(steps);
  return {
    clusterName: cluster.name,
    machines: machinesOf(cluster).map(({ id, host }) => ({ id, host })),
    steps: draft.problems.length > 0 ? [] : draft.steps,
    problems: draft.problems,
    notes: draft.notes,
  };
}

export function freshFacts(cluster: Cluster): Map<string, HostFacts> {
  return new Map(nodesOf(cluster).map((node) => [node.id, freshHost(node.id)]));
}

/** The machines as they are after a successful run of the plan for fresh ones. */
export function provisionedFacts(cluster: Cluster): Map<string, HostFacts> {
  const fresh = freshFacts(cluster);
  const want = contentFor(cluster);
  return new Map(
    nodesOf(cluster).map((node): [string, HostFacts] => {
      const isServer = node.role === 'server';
      const etcd = isServer && cluster.datastore.type === 'embedded-etcd';
      return [
        node.id,
        {
          ...freshHost(node.id),
          ...(cluster.k3s.version === undefined ? {} : { k3sVersion: cluster.k3s.version }),
          units: runningUnit(node.role),
          config: want.get(node.id)?.config(serverStart(cluster, node, fresh)) ?? '',
          etcdData: etcd,
          ...(etcd ? { etcdName: `${node.id}-0a1b2c3d` } : {}),
          serverToken: isServer,
          ...(isServer ? { tokenSha256: sha256(TOKEN) } : {}),
          caHash: AUTHORITY,
        },
      ];
    }),
  );
}
