import { SOME_SCRIPT } from './installScripts';
import type { Cluster, ClusterNode } from '../../src/core/cluster/cluster';
import { machinesOf, nodesOf } from '../../src/core/cluster/roles';
import type { HostFacts } from '../../src/core/facts/probe';
import type { StepState } from '../../src/core/plan/step';
import { target } from '../../src/engine/hosts/targets';
import type { NodeContent } from '../../src/engine/planning/desired';
import type { Clock, RemoteHosts } from '../../src/engine/ports';
import { runMask } from '../../src/engine/run/mask';
import type { StepContext } from '../../src/engine/steps/step';
import { fastClock } from './clock';
import { contentFor, freshFacts, situationOf } from './plans';

/** What a test says of a step's surroundings; the rest is a run on fresh machines. */
export interface Surroundings {
  readonly cluster: Cluster;
  readonly hosts: RemoteHosts;
  /** Id of the node that the step runs on. */
  readonly on: string;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly facts?: ReadonlyMap<string, HostFacts>;
  readonly content?: ReadonlyMap<string, NodeContent>;
  readonly startTimeoutMs?: number;
  /** How other steps of the run stand. */
  readonly states?: Readonly<Record<string, StepState>>;
  readonly caHash?: string;
}

export interface ScriptedContext extends StepContext {
  /** What the step told about itself. */
  readonly told: readonly string[];
}

/** What a step or a guard gets, over the hosts of a test. */
export function stepContext(given: Surroundings): ScriptedContext {
  const { cluster, hosts, clock = fastClock(), signal = new AbortController().signal } = given;
  const { facts = freshFacts(cluster), content = contentFor(cluster), states = {}, startTimeoutMs = 60_000 } = given;
  const node = (id: string): ClusterNode => found(nodesOf(cluster).find((one) => one.id === id));
  const told: string[] = [];
  return {
    cluster,
    machine: node(given.on),
    facts,
    clock,
    signal,
    startTimeoutMs,
    mask: runMask([], hosts),
    secrets: [],
    progress: (message) => void told.push(message),
    node,
    reach: (id) => found(machinesOf(cluster).find((one) => one.id === id)),
    balancer: (id) => found(situationOf(cluster, facts).balancers.get(id)),
    balancerAfter: (id) => found(situationOf(cluster, facts).balancers.get(id)),
    content: (id) => found(content.get(id)),
    installScript: () => SOME_SCRIPT,
    stateOf: (step) => states[step],
    caHash: async () => given.caHash,
    here: () => Promise.reject(new Error('nothing runs on this computer in this test')),
    readHere: () => Promise.reject(new Error('nothing of this computer is read in this test')),
    copyHere: () => Promise.reject(new Error('nothing comes to this computer in this test')),
    shownBy: () => Promise.reject(new Error('nobody shows a certificate in this test')),
    on: (machine, command) => hosts.run(target(machine), command, { signal }),
    told,
  };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test names an unknown machine');
  return value;
}
