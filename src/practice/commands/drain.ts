import { CORDON_ANNOTATION } from '../../core/k3s/marks';
import { drainMark } from '../../core/remote/drain';
import { updateNode, type K3sCluster } from '../k3s/cluster';
import { isoTime } from '../k3s/controller';
import { readyStatus } from '../k3s/nodeObject';
import type { NodeObject } from '../k3s/nodeStore';
import { budgetObjects, podLabels } from '../k3s/podObjects';
import type { PracticePod } from '../k3s/podStore';
import { evict } from '../k3s/workloads';
import { fail, pause, type Command, type CommandRun } from './command';
import { withApi } from './kubectl';

const TAINT = 'node.kubernetes.io/unschedulable';
const RETRY_MS = 5000;
const LOOK_MS = 500;

/** cordon: name. */
export const cordonCommand: Command = (run) =>
  withNode(run, (cluster, node) => {
    const ours = node.metadata.annotations[CORDON_ANNOTATION] !== undefined;
    if (isCordoned(node)) return ours ? 'cordoned' : 'foreign';
    setCordon(run, cluster, node.metadata.name, true);
    return 'cordoned';
  });

/** uncordon: name. Ends a drain of that node on this host first. */
export const uncordonCommand: Command = (run) => {
  run.host.files.remove(drainMark(run.args[0] ?? ''));
  return withNode(run, (cluster, node) => {
    const ours = node.metadata.annotations[CORDON_ANNOTATION] !== undefined;
    if (isCordoned(node) && !ours) return 'foreign';
    if (ours) setCordon(run, cluster, node.metadata.name, false);
    return 'cordoned';
  });
};

/** set-schedulable: name, `yes` or `no`. Whose doing it was before does not matter. */
export const setSchedulableCommand: Command = (run) =>
  withNode(run, (cluster, node) => {
    const before = isCordoned(node) ? 'no' : 'yes';
    setCordon(run, cluster, node.metadata.name, run.args[1] !== 'yes', { mark: false });
    return before;
  });

/** drain: name, seconds, options of kubectl. Texts as recorded: test/fixtures/k3s/drain.txt. */
export const drainCommand: Command = async (run) => {
  const { host, args, out, err } = run;
  const [name = '', seconds = '', ...options] = args;
  let cluster: K3sCluster | undefined;
  const status = await withApi(run, (server) => {
    cluster = server.cluster;
    return 0;
  });
  if (cluster === undefined) return status;
  const node = cluster.nodes.get(name);
  if (node === undefined) return fail(run, `Error from server (NotFound): nodes "${name}" not found`);
  out(`node/${name} ${isCordoned(node) ? 'already cordoned' : 'cordoned'}\n`);
  if (!isCordoned(node)) updateNode(cluster, name, (now) => withCordon(now, true, isoTime(run.world.clock.now())));
  const pods = (): readonly PracticePod[] =>
    cluster?.workloads.pods.filter((pod) => pod.node === name && pod.owner?.kind !== 'DaemonSet') ?? [];
  const refused = refusals(pods(), options);
  if (refused.length > 0) {
    const reason = refused.length === 1 ? refused[0] : `[${refused.join(', ')}]`;
    err(`error: unable to drain node "${name}" due to error: ${reason}, continuing command...\n`);
    err(`There are pending nodes to be drained:\n ${name}\n${refused.join('\n')}\n`);
    return 1;
  }
  const mark = drainMark(name);
  host.files.write(mark, '1\n', { mode: 0o644 });
  const overdue = (words: string): number => {
    host.files.remove(mark);
    err(`error: unable to drain node "${name}" due to error: ${words}, continuing command...\n`);
    err(`There are pending nodes to be drained:\n ${name}\n${words}\n`);
    return 1;
  };
  const limit = Number(seconds) * 1000;
  for (let passed = 0; pods().length > 0; passed += LOOK_MS) {
    const left = pods();
    const kept = passed % RETRY_MS === 0 ? left.filter((pod) => !asked(run, cluster as K3sCluster, pod)) : [];
    for (const pod of kept)
      err(
        `error when evicting pods/"${pod.name}" -n "${pod.namespace}" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.\n`,
      );
    if (passed >= limit) {
      return overdue(
        left
          .map(({ name: pod, namespace, ending }) =>
            ending
              ? `error when waiting for pod "${pod}" in namespace "${namespace}" to terminate: global timeout reached: ${seconds}s`
              : `error when evicting pods/"${pod}" -n "${namespace}": global timeout reached: ${seconds}s`,
          )
          .join('\n'),
      );
    }
    if (!(await pause(run, LOOK_MS)) || host.files.get(mark) === undefined) return 143;
  }
  host.files.remove(mark);
  out(`node/${name} drained\n`);
  return 0;
};

/** pods: every pod in a line, then the budgets for disruption. */
export const podsCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    for (const pod of cluster.workloads.pods) run.out(`${podLine(pod)}\n`);
    run.out(`---\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: budgetObjects(cluster) })}\n`);
    return 0;
  });

/** node-settled: name, `charts` for a server. Simulated servers have no packaged charts. */
export const nodeSettledCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    const [name = ''] = run.args;
    const node = cluster.nodes.get(name);
    if (node === undefined) return fail(run, `Error from server (NotFound): nodes "${name}" not found`);
    const ready = readyStatus(node) === 'Ready' ? 'True' : 'False';
    run.out(`node ${node.status.nodeInfo['kubeletVersion'] ?? ''} ${ready}\n`);
    for (const pod of cluster.workloads.pods.filter((one) => one.node === name)) {
      const state = pod.phase === 'Running' && !pod.ending ? 'True' : 'False';
      run.out(`pod ${pod.namespace}/${pod.name} ${pod.owner?.kind ?? ''}|${state}|${pod.ending ? 'yes' : ''}\n`);
    }
    return 0;
  });

function podLine({ namespace, name, node = '', phase, owner, emptyDir, ending, labels }: PracticePod): string {
  const flag = (on: boolean): string => (on ? 'yes' : '');
  const ready = phase === 'Running' && !ending ? 'True' : 'False';
  const pairs = Object.entries(podLabels({ labels, owner })).map(([key, value]) => `${key}=${value},`);
  return [
    `${namespace} ${name} ${node}`,
    phase,
    owner?.kind ?? '',
    flag(emptyDir),
    '',
    flag(ending),
    ready,
    pairs.join(''),
  ].join('|');
}

/** Asks for the eviction of a pod, as often as kubectl does; false when a budget keeps it. */
function asked({ out }: CommandRun, cluster: K3sCluster, pod: PracticePod): boolean {
  if (pod.ending) return true;
  out(`evicting pod ${pod.namespace}/${pod.name}\n`);
  return evict(cluster, pod);
}

function refusals(pods: readonly PracticePod[], options: readonly string[]): readonly string[] {
  const named = (chosen: readonly PracticePod[]): string =>
    chosen.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  const bare = options.includes('--force') ? [] : pods.filter(({ owner }) => owner === undefined);
  const local = options.includes('--delete-emptydir-data') ? [] : pods.filter(({ emptyDir }) => emptyDir);
  return [
    ...(bare.length === 0
      ? []
      : [`cannot delete Pods that declare no controller (use --force to override): ${named(bare)}`]),
    ...(local.length === 0
      ? []
      : [`cannot delete Pods with local storage (use --delete-emptydir-data to override): ${named(local)}`]),
  ];
}

async function withNode(run: CommandRun, work: (cluster: K3sCluster, node: NodeObject) => string): Promise<number> {
  return withApi(run, ({ cluster }) => {
    const node = cluster.nodes.get(run.args[0] ?? '');
    run.out(`${node === undefined ? 'absent' : work(cluster, node)}\n`);
    return 0;
  });
}

function isCordoned({ spec }: NodeObject): boolean {
  return spec['unschedulable'] === true;
}

function setCordon(
  { world }: CommandRun,
  cluster: K3sCluster,
  name: string,
  on: boolean,
  { mark }: { readonly mark: boolean } = { mark: on },
): void {
  updateNode(cluster, name, (node) => {
    const { [CORDON_ANNOTATION]: _, ...annotations } = node.metadata.annotations;
    return {
      ...withCordon(node, on, isoTime(world.clock.now())),
      metadata: { ...node.metadata, annotations: mark ? { ...annotations, [CORDON_ANNOTATION]: 'yes' } : annotations },
    };
  });
}

/** The node with or without `unschedulable`, and the taint that the controllers make of it. */
function withCordon(node: NodeObject, on: boolean, time: string): NodeObject {
  const { taints, unschedulable: _, ...spec } = node.spec as { taints?: { key: string }[]; unschedulable?: boolean };
  const kept = (taints ?? []).filter(({ key }) => key !== TAINT);
  const all = on ? [...kept, { key: TAINT, effect: 'NoSchedule', timeAdded: time }] : kept;
  return {
    ...node,
    spec: { ...spec, ...(all.length === 0 ? {} : { taints: all }), ...(on ? { unschedulable: true } : {}) },
  };
}
