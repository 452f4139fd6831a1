import { later, said, say } from '../base/say';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { nodesOf } from '../cluster/roles';

/** What can be made to fail on a simulated host. */
export type FaultId = 'power' | 'network' | 'disk' | 'hang' | 'hostKey';

/** What somebody lets fail in a practice fleet right now. */
export interface Simulation {
  /** By host id, or `load-balancer`. */
  readonly faults: ReadonlyMap<string, readonly FaultId[]>;
  /** Groups of host ids between which the network is cut. */
  readonly partitions: readonly (readonly [readonly string[], readonly string[]])[];
}

/** A practice fleet in which all is well. */
export const ALL_WELL: Simulation = { faults: new Map(), partitions: [] };

/** An order to the practice program, as its standard input reads it. */
export type FleetOrder = Readonly<Record<string, unknown>> & { readonly do: string };

interface FaultKind {
  /** For `when` clauses of menus. */
  readonly mark: string;
  /** Reads on after the host's name and "is". */
  readonly words: string;
  /** The state as a row and the diagram have room for it. */
  readonly brief: string;
  order(host: string, on: boolean): FleetOrder;
  /** As the fleet's events call it. */
  readonly event?: string;
}

/** Every fault by its id. */
export const FAULTS: Readonly<Record<FaultId, FaultKind>> = {
  power: {
    mark: 'unpowered',
    words: later`switched off`,
    brief: later`switched off`,
    order: (host, on) => ({ do: on ? 'powerOff' : 'powerOn', host }),
  },
  network: {
    mark: 'cut',
    words: later`cut off from the network`,
    brief: later`network is cut`,
    order: (host, on) => ({ do: 'cutOff', host, on }),
    event: 'cut off',
  },
  disk: {
    mark: 'full',
    words: later`out of disk space`,
    brief: later`disk full`,
    order: (host, on) => ({ do: 'fillDisk', host, on }),
    event: 'disk full',
  },
  hang: {
    mark: 'hung',
    words: later`hanging`,
    brief: later`hanging`,
    order: (host, on) => ({ do: 'hang', host, on }),
    event: 'hangs',
  },
  hostKey: {
    mark: 'rekeyed',
    words: later`showing another SSH key`,
    brief: later`other host key`,
    order: (host, on) => ({ do: 'changeHostKey', host, on }),
    event: 'another SSH key',
  },
};

const IDS = Object.keys(FAULTS) as FaultId[];

/** The same after an event of the fleet, whoever caused it; the same object where it changes nothing. */
export function simulationAfter(before: Simulation, event: unknown): Simulation {
  const { kind, host, fault, on, partitions } = (event ?? {}) as Partial<Record<string, unknown>>;
  if (kind === 'network' && Array.isArray(partitions))
    return { ...before, partitions: partitions as Simulation['partitions'] };
  const id = kind === 'power' ? 'power' : IDS.find((one) => kind === 'fault' && FAULTS[one].event === fault);
  if (id === undefined || typeof host !== 'string') return before;
  const fails = id === 'power' ? on === false : on === true;
  const others = (before.faults.get(host) ?? []).filter((one) => one !== id);
  const now = fails ? [...others, id] : others;
  if (now.length === (before.faults.get(host)?.length ?? 0)) return before;
  const faults = new Map(before.faults);
  if (now.length === 0) faults.delete(host);
  else faults.set(host, now);
  return { ...before, faults };
}

/** Sentences about what fails at a place only because somebody wants it to; none when nothing does. */
export function simulationWords(faults: readonly FaultId[]): readonly string[] {
  return faults.map((id) => say`Simulation: ${said(FAULTS[id].words)}`);
}

/** The state that the last of them puts a machine into, in at most 18 columns; undefined when nothing fails. */
export function simulationState(faults: readonly FaultId[]): string | undefined {
  const last = faults.at(-1);
  return last === undefined ? undefined : said(FAULTS[last].brief);
}

/** Whether no machine of one zone reaches one of the other. */
export function areParted(
  cluster: Cluster,
  partitions: Simulation['partitions'],
  [a, b]: readonly [string, string],
): boolean {
  const [ofA, ofB] = [a, b].map((zone) => nodesOf(cluster).filter((node) => node.zone === zone)) as [
    ClusterNode[],
    ClusterNode[],
  ];
  const apart = (one: string, other: string): boolean =>
    partitions.some(
      ([left, right]) => (left.includes(one) && right.includes(other)) || (left.includes(other) && right.includes(one)),
    );
  return ofA.length > 0 && ofB.length > 0 && ofA.every((one) => ofB.every((other) => apart(one.id, other.id)));
}

/** What menus have to know of a place, in words for `when` clauses. */
export function simulationMarks(faults: readonly FaultId[]): readonly string[] {
  return faults.map((id) => FAULTS[id].mark);
}
