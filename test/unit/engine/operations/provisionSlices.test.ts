import { expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { createDraft } from '../../../../src/core/plan/draft';
import { provision } from '../../../../src/engine/operations/provision';
import { normalise } from '../../../../src/core/cluster/normalise';
import { parseDocument } from '../../../../src/core/document/parse';
import { provisionedFacts, situationOf } from '../../../support/plans';

const AGENTS = 40;
const clusterWith = (config: string): Cluster =>
  normalise(
    parseDocument(`apiVersion: k3s-ha/v1
kind: Cluster
k3s: {version: v1.36.3+k3s1}
token: f00dfeed
loadBalancer: {address: 10.0.0.100}
servers:
  config: {tls-san: [10.0.0.100]}
  nodes: [10.0.0.11, 10.0.0.12, 10.0.0.13]
agents:
  config: {${config}}
  nodes:
${Array.from({ length: AGENTS }, (_, i) => `    - {host: 10.0.1.${i + 1}, name: agent-${i + 1}}\n`).join('')}`).data,
  );

/** Tells of each look at the config.yaml of a host: that is what a plan of many hosts does most. */
function watched(facts: ReadonlyMap<string, HostFacts>, onRead: (host: string) => void): Map<string, HostFacts> {
  return new Map(
    [...facts].map(([id, seen]) => [
      id,
      Object.defineProperty({ ...seen }, 'config', {
        enumerable: true,
        get: () => {
          onRead(id);
          return seen.config;
        },
      }),
    ]),
  );
}

it('between two pauses of a plan for many hosts that all change, few of them are looked at', () => {
  const cluster = clusterWith('debug: true');
  const read = new Set<string>();
  const facts = watched(provisionedFacts(clusterWith('')), (host) => read.add(host));
  const draft = createDraft();
  const planning = provision.plan(situationOf(cluster, facts), {}, draft);
  const looks: number[] = [];
  for (let done: boolean | undefined = false; done !== true;) {
    read.clear();
    done = planning?.next().done;
    looks.push(read.size);
  }
  expect(draft.problems).toEqual([]);
  expect(draft.steps.filter(({ kind }) => kind === 'write-config')).toHaveLength(AGENTS);
  // Servers, of which a cluster has few, are compared with each other.
  expect(Math.max(...looks)).toBeLessThanOrEqual(cluster.servers.length + 1);
});
