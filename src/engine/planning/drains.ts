import { later, said, say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { optionIsOn } from '../../core/cluster/options';
import { servesApi } from '../../core/cluster/roles';
import { upgradeRules } from '../../core/cluster/upgradeRules';
import { isEvicted, keptPods, podName } from '../../core/health/disruption';
import type { MachineId, Step } from '../../core/plan/step';
import type { DrainOptions } from '../../core/remote/drain';
import { cordon, type NodeWork } from '../steps/cordon';
import { drain } from '../steps/drain';
import type { StepOptions } from '../steps/step';
import { uncordon } from '../steps/uncordon';
import { changesRelease, type NodeChange } from './nodeChange';
import { nodeNameOf, reachedNodes, type Situation } from './situation';
import { isRunning } from './starts';

/** Servers that may be asked to do something about a node, itself last: it is about to stop. */
export function askedServers({ cluster, facts }: Situation, node: ClusterNode): readonly MachineId[] {
  const running = cluster.servers.filter((server) => isRunning(server, facts) && servesApi(cluster, server));
  return [...running.filter((server) => server !== node), ...running.filter((server) => server === node)].map(
    ({ id }) => id,
  );
}

/** A node by its name in the cluster, with the servers to ask; undefined where the cluster has no such node to work on. */
export function nodeWork(situation: Situation, node: ClusterNode): NodeWork | undefined {
  const { cluster, facts, live } = situation;
  const name = nodeNameOf(node, facts.get(node.id));
  const through = askedServers(situation, node);
  if (name === undefined || through.length === 0 || optionIsOn(cluster, node, 'disable-agent')) return undefined;
  return live === undefined || live.nodes.some((one) => one.name === name) ? { name, through } : undefined;
}

/** What stands before the change of a machine that is to be drained, and what ends that whatever becomes of it. */
export interface DrainSteps {
  readonly before: readonly Step[];
  readonly end: (options: StepOptions) => readonly Step[];
}

/** How pods are moved, whatever their node is to become: what the file says under k3s.upgrade holds for removals, too. */
export function drainRules(cluster: Cluster): DrainOptions & { readonly timeoutMs: number } {
  const { drainTimeoutMs, emptyDir, unmanagedPods } = upgradeRules(cluster);
  return { timeoutMs: drainTimeoutMs, emptyDir: emptyDir === 'delete', unmanaged: unmanagedPods === 'delete' };
}

/** The steps that move the pods of a node away while its K3s gets another release, where the file wants that. */
export function drainSteps(situation: Situation, node: ClusterNode, change: NodeChange): DrainSteps | undefined {
  const { drain: wanted } = upgradeRules(situation.cluster);
  if (!wanted || !changesRelease(situation, node, change)) return undefined;
  return emptying(situation, node, {
    cordon: say`nothing is to start where K3s gets another release`,
    drain: say`k3s.upgrade.drain asks for it`,
  });
}

/** The steps that move the pods of a node away and let pods onto it again in the end; undefined where none of them could go. */
export function emptying(
  situation: Situation,
  node: ClusterNode,
  reasons: { readonly cordon: string; readonly drain: string },
): DrainSteps | undefined {
  const work = nodeWork(situation, node);
  if (work === undefined || isAlone(situation, work)) return undefined;
  return {
    before: [
      cordon.step(node, work, reasons.cordon),
      drain.step(node, { ...work, ...drainRules(situation.cluster) }, reasons.drain),
    ],
    end: (options) => [uncordon.step(node, work, say`no run leaves a node cordoned`, { ...options, always: true })],
  };
}

/** No other node takes pods: those of this one would only be ended. */
export function isAlone({ live }: Situation, { name }: NodeWork): boolean {
  return live !== undefined && !live.nodes.some((one) => one.name !== name && one.ready === 'ready' && one.schedulable);
}

/** Why nodes are not drained although the file wants it. */
export function drainNotes(situation: Situation, changeOf: (node: ClusterNode) => NodeChange): readonly string[] {
  const { cluster, facts } = situation;
  if (!upgradeRules(cluster).drain) return [];
  const alone = reachedNodes(situation).filter((node) => {
    const work =
      isRunning(node, facts) && changesRelease(situation, node, changeOf(node)) ? nodeWork(situation, node) : undefined;
    return work !== undefined && isAlone(situation, work);
  });
  if (alone.length === 0) return [];
  return [
    say`${listed(alone.map(({ id }) => id))} ${alone.length === 1 ? 'is' : 'are'} not drained: no other node is Ready and takes pods. They go on running meanwhile.`,
  ];
}

/** Uncordons what a run that was cut off has left cordoned. */
export function forgottenCordons(situation: Situation, steps: readonly Step[]): readonly Step[] {
  const { live, facts } = situation;
  const ours = new Set(live?.nodes.filter(({ ownCordon }) => ownCordon === true).map(({ name }) => name));
  return reachedNodes(situation).flatMap((node) => {
    const name = nodeNameOf(node, facts.get(node.id));
    if (name === undefined || !ours.has(name) || steps.some(({ id }) => id === `cordon:${node.id}:${name}`)) return [];
    const work = nodeWork(situation, node);
    return work === undefined ? [] : [uncordon.step(node, work, say`a run that was cut off has left it cordoned`)];
  });
}

/** What a person may do instead of a drain for an upgrade. */
const WITHOUT_DRAIN = later`Or upgrade without moving pods: "drain: false" under k3s.upgrade. They go on running then.`;

/** Why nodes cannot be drained, judged for all of them together before the first one is cordoned. */
export function disruptionProblems(
  situation: Situation,
  steps: readonly Step[],
  instead = said(WITHOUT_DRAIN),
): readonly Problem[] {
  const { workloads } = situation;
  const machines = drainedNodes(steps);
  if (workloads === undefined || machines.size === 0) return [];
  const kept = keptPods(workloads, new Set(machines.keys())).map(({ why, pods, command }) =>
    problem('drain-blocked', say`${listed(pods.map(podName))} may not leave ${places(pods, machines)}`, {
      why: `${why}.`,
      nextSteps: [
        say`See "${command}"; run more replicas than the budget wants, or change the budget, then plan again.`,
        instead,
      ],
    }),
  );
  return [...kept, ...lossProblems(situation, steps)];
}

/** The nodes that steps drain, by their names in the cluster. */
function drainedNodes(steps: readonly Step[]): ReadonlyMap<string, MachineId> {
  const drained = steps.filter(({ kind }) => kind === drain.kind);
  return new Map(drained.map(({ about, input }) => [(input as NodeWork).name, about]));
}

/** Pods that a drain would end for good, or whose data it would. */
export function lossProblems({ cluster, workloads }: Situation, steps: readonly Step[]): readonly Problem[] {
  const machines = drainedNodes(steps);
  if (workloads === undefined) return [];
  const { emptyDir, unmanagedPods } = upgradeRules(cluster);
  const moved = workloads.pods.filter((pod) => machines.has(pod.node) && isEvicted(pod));
  const bare = moved.filter(({ owner, phase }) => owner === '' && phase !== 'Succeeded' && phase !== 'Failed');
  const local = moved.filter((pod) => pod.emptyDir);
  return [
    ...(unmanagedPods === 'delete' || bare.length === 0
      ? []
      : [
          problem('drain-refused', say`Nothing makes ${listed(bare.map(podName))} anew, on ${places(bare, machines)}`, {
            why: say`A drain would delete them for good.`,
            nextSteps: [say`Delete them yourself, or write "unmanagedPods: delete" under k3s.upgrade.`],
          }),
        ]),
    ...(emptyDir === 'delete' || local.length === 0
      ? []
      : [
          problem(
            'drain-refused',
            say`${listed(local.map(podName))} would lose their emptyDir, on ${places(local, machines)}`,
            {
              why: say`"emptyDir: keep" stands under k3s.upgrade.`,
              nextSteps: [say`Save what is in them and delete the pods, or write "emptyDir: delete".`],
            },
          ),
        ]),
  ];
}

function places(pods: readonly { readonly node: string }[], machines: ReadonlyMap<string, MachineId>): string {
  return listed([...new Set(pods.map(({ node }) => machines.get(node) ?? node))]);
}
