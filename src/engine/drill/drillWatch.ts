import { type Problem } from '../../core/base/problem';
import { ok, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import { drillPart, diagramPart } from '../../core/drill/drillPart';
import { gapsIn, type Sample } from '../../core/drill/gaps';
import type { Seen } from '../../core/drill/drillReport';
import { chosenFailure } from '../../core/workloads/failures';
import { workloadName } from '../../core/workloads/fateWords';
import { judgeFailure, withOutcome } from '../../core/workloads/judgeWorkloads';
import { keyOf } from '../../core/workloads/places';
import type { SeenPod } from '../../core/workloads/seenPod';
import type { ReadWorkloads } from '../../core/workloads/seenWorkloads';
import type { ApiEndpoint, Clock, ClusterApi, MachineDoors, MachineDoorSource } from '../ports';
import { readWorkloads } from '../workloads/readWorkloads';

/** Between two questions to the fixed address. */
export const ASK_MS = 100;
/** A question that is not answered within this has failed. */
const LIMIT_MS = 2000;

/** What was seen of one part, before it is summed up. */
export interface Observation {
  readonly began: number;
  /** When it was proved to be back. */
  ended?: number;
  /** Predicted by the pods that ran right before; absent when they could not be read. */
  stops?: readonly string[];
  moved?: readonly string[];
  stopped?: readonly string[];
  dns?: readonly Sample[] | { readonly notAsked: string };
  quorum?: { readonly alive: number; readonly members: number };
}

/** Asks the API through the fixed address all the while that a drill goes on, and keeps what is seen. */
export interface DrillWatch {
  /** Begins with a part: reads which pods run where. */
  begin(part: string): Promise<void>;
  /** For how long nobody has answered at the fixed address. */
  silentMs(): number;
  /** What else was seen of a part while it was away. */
  note(part: string, seen: Pick<Observation, 'dns' | 'quorum'>): void;
  /** Reads again which pods run where, before the part comes back. */
  look(part: string): Promise<void>;
  /** The part is back and proved. */
  end(part: string): void;
  /** What was seen, summed up; undefined for what was never taken away. */
  seen(part: string): (Seen & Pick<Observation, 'stops'>) | undefined;
  close(): Promise<void>;
}

interface WatchDependencies {
  readonly api: Pick<ClusterApi, 'listWorkloads'> & MachineDoorSource;
  readonly clock: Clock;
}

/** Begins to ask; the address is one that answers. */
export async function openDrillWatch(
  cluster: Cluster,
  endpoint: ApiEndpoint,
  { api, clock }: WatchDependencies,
): Promise<Result<DrillWatch, Problem>> {
  const doors = await api.openDoors(endpoint);
  if (!doors.ok) return doors;
  const over = new AbortController();
  const samples: Sample[] = [];
  const asking = askOn(doors.value, samples, clock, over.signal);
  const observations = new Map<string, Observation>();
  const before = new Map<string, ReadWorkloads>();
  const read = async (): Promise<ReadWorkloads | undefined> => {
    const found = await readWorkloads(endpoint, { api, clock }, over.signal);
    return found.ok ? found.value : undefined;
  };
  return ok({
    async begin(part) {
      const workloads = await read();
      observations.set(part, {
        began: clock.now(),
        ...(workloads === undefined ? {} : { stops: stopsWith(cluster, part, workloads) }),
      });
      if (workloads !== undefined) before.set(part, workloads);
    },
    silentMs() {
      const last = samples.findLast(({ ok: answered }) => answered)?.at;
      return last === undefined ? 0 : clock.now() - last;
    },
    note: (part, seen) => void Object.assign(observations.get(part) ?? {}, seen),
    async look(part) {
      const observation = observations.get(part);
      const then = before.get(part);
      const now = then === undefined ? undefined : await read();
      if (observation === undefined || then === undefined || now === undefined) return;
      observation.moved = movedPods(then.seen.pods, now.seen.pods);
      observation.stopped = goneWorkloads(then.seen.pods, now.seen.pods, unreachableNodes(cluster, part, now));
    },
    end(part) {
      const observation = observations.get(part);
      if (observation !== undefined) observation.ended ??= clock.now();
    },
    seen(part) {
      const observation = observations.get(part);
      return observation === undefined ? undefined : summedUp(observation, samples, clock.now());
    },
    async close() {
      over.abort();
      await asking;
      await doors.value.close();
    },
  });
}

/** Asks every {@link ASK_MS}, whether the last question has been answered or not. */
async function askOn(doors: MachineDoors, samples: Sample[], clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const at = clock.now();
    void doors.askAnew('/readyz', LIMIT_MS).then((answer) => {
      if (!signal.aborted) samples.push({ at, ok: answer.reached === 'answers' && answer.status === 200 });
    });
    try {
      await clock.sleep(ASK_MS, signal);
    } catch {
      return;
    }
  }
}

function summedUp(
  { began, ended, stops, moved, stopped, dns, quorum }: Observation,
  samples: readonly Sample[],
  now: number,
): Seen & Pick<Observation, 'stops'> {
  const to = ended ?? now;
  return {
    // A question that is still open says nothing yet.
    api: gapsIn(samples, began, to),
    ...(dns === undefined
      ? {}
      : { dns: 'notAsked' in dns ? dns : gapsIn(dns, dns[0]?.at ?? 0, (dns.at(-1)?.at ?? 0) + 1000) }),
    ...(quorum === undefined ? {} : { quorum }),
    ...(moved === undefined ? {} : { moved }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(stops === undefined ? {} : { stops }),
    awayMs: to - began,
    back: ended !== undefined,
  };
}

/** Workloads of which nothing is left until their node is back. */
function stopsWith(cluster: Cluster, name: string, { seen, live }: ReadWorkloads): readonly string[] {
  const part = drillPart(cluster, name);
  // K3s that is stopped leaves the containers of its node alone.
  if (!part.ok || part.value.way === 'k3s' || part.value.way === 'balancer') return [];
  const { fates } = judgeFailure(seen, chosenFailure(cluster, live, [diagramPart(part.value)]));
  return withOutcome(fates, 'stops', 'pauses').map(workloadName);
}

/** Nodes whose containers cannot be reached while a part is away, whatever Kubernetes still believes of them. */
function unreachableNodes(cluster: Cluster, name: string, { live }: ReadWorkloads): ReadonlySet<string> {
  const part = drillPart(cluster, name);
  if (!part.ok || part.value.way === 'k3s' || part.value.way === 'balancer') return new Set();
  return chosenFailure(cluster, live, [diagramPart(part.value)]).nodes;
}

/** Pods that are there no more, or that end, while another one of their workload runs elsewhere. */
function movedPods(before: readonly SeenPod[], now: readonly SeenPod[]): readonly string[] {
  const there = new Set(now.filter(({ ending }) => !ending).map(nameOf));
  const known = new Set(before.map(nameOf));
  const made = new Set(now.filter((pod) => !known.has(nameOf(pod))).map(keyOf));
  return before.filter((pod) => !there.has(nameOf(pod)) && made.has(keyOf(pod))).map(nameOf);
}

/** Workloads that had a Ready pod and have none any more. */
function goneWorkloads(
  before: readonly SeenPod[],
  now: readonly SeenPod[],
  unreachable: ReadonlySet<string>,
): readonly string[] {
  const ready = new Set(now.filter((pod) => pod.ready && !pod.ending && !unreachable.has(pod.node)).map(keyOf));
  const gone = before.filter((pod) => pod.ready && pod.owner !== 'DaemonSet' && !pod.mirror && !ready.has(keyOf(pod)));
  return [...new Set(gone.map(({ namespace, workload }) => `${namespace}/${workload.name}`))];
}

function nameOf({ namespace, name }: SeenPod): string {
  return `${namespace}/${name}`;
}
