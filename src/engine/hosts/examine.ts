import type { Problem } from '../../core/base/problem';
import type { Cluster, ClusterMachine, ClusterNode } from '../../core/cluster/cluster';
import { dataDir, optionText } from '../../core/cluster/options';
import { carriersOf } from '../../core/cluster/roles';
import type { FileQuestion } from '../../core/facts/fileFacts';
import { probe, TOPICS, type HostFacts } from '../../core/facts/probe';
import type { RemoteCommand } from '../../core/remote/remoteCommand';
import type { RemoteHosts } from '../ports';
import { mapLimit, target } from './targets';

/** What machines told, and why others did not; in the order of the file, however fast they were. */
export interface Examined<T> {
  readonly facts: ReadonlyMap<string, T>;
  readonly unreachable: ReadonlyMap<string, Problem>;
}

export interface ExamineOptions {
  readonly signal?: AbortSignal;
  /** Takes secrets out of what a machine said. */
  readonly masked: (found: Problem) => Problem;
  /** Called when a machine has been examined. */
  readonly onExamined?: (machine: string, problem: Problem | undefined, done: number, total: number) => void;
}

/** Has every machine answer one command. Changes nothing anywhere as long as the command does not. */
export async function examine<M extends ClusterMachine, T>(
  machines: readonly M[],
  command: (machine: M) => RemoteCommand<T>,
  { hosts, parallel }: { readonly hosts: RemoteHosts; readonly parallel: number },
  { signal, masked, onExamined }: ExamineOptions,
): Promise<Examined<T>> {
  const facts = new Map<string, T>();
  const unreachable = new Map<string, Problem>();
  let done = 0;
  await mapLimit(machines, parallel, async (machine) => {
    const outcome = await hosts.run(target(machine), command(machine), signal === undefined ? {} : { signal });
    const failure = outcome.kind === 'done' ? undefined : masked({ host: machine.id, ...outcome.problem });
    if (outcome.kind === 'done') facts.set(machine.id, outcome.value);
    if (failure !== undefined) unreachable.set(machine.id, failure);
    done += 1;
    onExamined?.(machine.id, failure, done, machines.length);
  });
  const inOrder = <V>(found: ReadonlyMap<string, V>): ReadonlyMap<string, V> =>
    new Map(machines.flatMap(({ id }) => (found.has(id) ? [[id, found.get(id) as V]] : [])));
  return { facts: inOrder(facts), unreachable: inOrder(unreachable) };
}

/** The look at a machine of a cluster: with its data folder, and the fixed address where it is to carry that. */
export function probeOf(
  cluster: Cluster,
  questions: (node: ClusterNode) => readonly FileQuestion[],
): (machine: ClusterMachine | ClusterNode) => RemoteCommand<HostFacts> {
  const carriers = new Set(carriersOf(cluster).map(({ id }) => id));
  const address = cluster.loadBalancer?.address ?? '';
  return (machine) => {
    const node = 'role' in machine ? machine : undefined;
    return probe(
      node === undefined ? undefined : dataDir(cluster, node),
      node === undefined ? [] : questions(node),
      TOPICS,
      carriers.has(machine.id) ? address : '',
      node === undefined ? '' : (optionText(cluster, node, 'etcd-snapshot-dir') ?? ''),
    );
  };
}
