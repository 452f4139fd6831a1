import type { Problem } from '../base/problem';
import type { Cluster, ClusterMachine, ClusterNode } from '../cluster/cluster';
import { machinesOf, nodesOf } from '../cluster/roles';
import type { PlacedFinding } from '../datastore/trial/trial';
import type { UsedName } from '../cluster/usedNames';
import type { HostFacts } from '../facts/probe';
import type { ClusterMarks } from '../remote/clusterMarks';
import type { DiskLatency } from '../remote/diskLatency';
import type { MeshPort } from '../remote/portMesh';
import type { Rule, Severity } from '../rules/rule';
import type { HostCheckId } from './ids';

/** What was tried on the machines and between them, beside what each tells of itself; absent where nobody tried. */
export interface HostTrials {
  /** How fast the disks of members of etcd are. */
  readonly disks?: ReadonlyMap<string, DiskLatency>;
  /** What became of the tries to reach the ports of other machines. */
  readonly mesh?: PortMesh;
  /** Names of the file that a machine finds no address for. */
  readonly unknownNames?: ReadonlyMap<string, readonly UsedName[]>;
  /** Who answers as `default/kubernetes` and who else is at work, by the server that was asked; absent where none told it, too. */
  readonly marks?: { readonly through: string; readonly seen: ClusterMarks };
  /** What the datastore of a running cluster tells, by the server through which it was asked. */
  readonly datastore?: { readonly through: string; readonly findings: readonly PlacedFinding[] };
  /** By the server that was asked: the nodes by name whose kubelet it reaches, or what it was told instead. */
  readonly tunnels?: ReadonlyMap<string, ReadonlyMap<string, string | undefined>>;
}

/** All that is known of the machines of a cluster when they are judged. */
export interface HostLook extends HostTrials {
  readonly cluster: Cluster;
  readonly facts: ReadonlyMap<string, HostFacts>;
  /** Machines that could not be examined, with the reason. */
  readonly unreachable: ReadonlyMap<string, Problem>;
}

/** What machines met at the ports of each other. */
export interface PortMesh {
  readonly shut: readonly ShutPort[];
  /** Machines whose ports nobody could try, or that could not try those of others, with the reason. */
  readonly untried: ReadonlyMap<string, string>;
}

/** A port of one machine that others do not reach, although somebody listens there. */
export interface ShutPort {
  readonly machine: string;
  readonly port: MeshPort;
  /** Machines that do not reach it. */
  readonly from: readonly string[];
  /** They were refused, and did not wait for an answer that never came. */
  readonly refused: boolean;
}

/** One thing that is wrong with a machine. Holds no secret. */
export interface HostFinding {
  readonly id: HostCheckId;
  readonly severity: Severity;
  /** A plan may be what mends it: it is told there, and never in its way. */
  readonly mendable?: true;
  /** Id of the machine. */
  readonly machine: string;
  /** Names the machine and what was seen on it. */
  readonly message: string;
  readonly why?: string;
  /** Lines that belong to it, such as commands. */
  readonly details?: readonly string[];
  /** Sentences in the imperative. */
  readonly nextSteps: readonly string[];
}

/** A finding before its check has put its name and, unless given, its severity on it. */
export type HostReport = Omit<HostFinding, 'id' | 'severity'> & { readonly severity?: Severity };

/** One thing that is looked at on the machines themselves, beside what the file tells. Pure, and never throws. */
export interface HostCheck {
  /** Stable kebab-case id; also the diagnostic code and the name of its documentation page. */
  readonly id: HostCheckId;
  readonly severity: Severity;
  /** One line for tables. */
  readonly title: string;
  /** Why it matters, for the documentation page. */
  readonly rationale: string;
  readonly sources: Rule['sources'];
  judge(look: HostLook): readonly HostFinding[];
}

type Definition = Omit<HostCheck, 'judge'> & { judge(look: HostLook): readonly HostReport[] };

/** Completes a check: every finding gets its id, and its severity where the check leaves it open. */
export function defineHostCheck(definition: Definition): HostCheck {
  const { id, severity } = definition;
  return { ...definition, judge: (look) => definition.judge(look).map((report) => ({ severity, ...report, id })) };
}

/** What is said of one machine. */
type Said = Omit<HostReport, 'machine' | 'nextSteps'> & { readonly nextSteps?: readonly string[] };

/** Asks about each node that was seen; `undefined` where nothing is wrong. */
export function ofNodes(
  { cluster, facts }: HostLook,
  judge: (node: ClusterNode, seen: HostFacts) => Said | undefined,
): readonly HostReport[] {
  return nodesOf(cluster).flatMap((node) => about(node, facts, judge));
}

/** The same of every machine, those that only carry the load balancer included. */
export function ofMachines(
  { cluster, facts }: HostLook,
  judge: (machine: ClusterMachine, seen: HostFacts) => Said | undefined,
): readonly HostReport[] {
  return machinesOf(cluster).flatMap((machine) => about(machine, facts, judge));
}

function about<M extends ClusterMachine>(
  machine: M,
  facts: HostLook['facts'],
  judge: (machine: M, seen: HostFacts) => Said | undefined,
): readonly HostReport[] {
  const seen = facts.get(machine.id);
  const said = seen === undefined ? undefined : judge(machine, seen);
  return said === undefined ? [] : [{ nextSteps: [], ...said, machine: machine.id }];
}
