import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import {
  othersAtWork,
  runningOperator,
  upgradesOtherThings,
  type RunningWorkload,
  type UpgradePlan,
} from '../../core/k3s/otherOperators';
import type { Step } from '../../core/plan/step';
import { shellWord } from '../../core/remote/shell';
import { awaitSettled } from '../steps/awaitSettled';
import { reboot } from '../steps/reboot';
import { rotateKeys } from '../steps/rotateKeys';
import { takeAway } from '../steps/takeAway';
import type { Situation } from './situation';

/** Steps during which no second server may go away: an upgrade, which waits for nodes to settle, a reboot, a drill, new keys. */
const EXCLUSIVE: readonly string[] = [awaitSettled.kind, reboot.kind, rotateKeys.kind, takeAway.kind];

/** Whether these steps have to know who else changes releases or reboots nodes of the cluster. */
export function wantsNoOther(steps: readonly Pick<Step, 'kind'>[]): boolean {
  return steps.some(({ kind }) => EXCLUSIVE.includes(kind));
}

/**
 * Why these steps have to wait for somebody else who changes releases or reboots nodes in this cluster: an upgrade would be put
 * back, and a second server would go down beside the one that is away. One that is paused, or wants the same release, is in
 * nobody's way.
 */
export function operatorProblems(
  { marks, cluster, live }: Pick<Situation, 'marks' | 'cluster' | 'live'>,
  steps: readonly Pick<Step, 'kind'>[],
): readonly Problem[] {
  if (marks === undefined || !wantsNoOther(steps)) return [];
  const upgrades = steps.every(({ kind }) => kind === awaitSettled.kind || !EXCLUSIVE.includes(kind));
  const releases = upgrades ? [cluster.k3s.version] : (live?.nodes ?? []).map(({ version }) => version);
  const known = [...new Set(releases)].filter((release) => release !== undefined);
  const { controller, steering, atWork, kured } = othersAtWork(marks, known);
  return [
    ...atWork.map(workProblem),
    ...(controller === undefined
      ? []
      : steering
          .filter((plan) => !atWork.includes(plan))
          .map((plan) => planProblem(plan, controller, upgrades ? cluster.k3s.version : undefined))),
    ...(kured === undefined ? [] : [rebootProblem(kured)]),
  ];
}

/** Who else may have a say, without a sign that they are in the way now. */
export function operatorNotes({ marks }: Situation): readonly string[] {
  const { workloads = [], plans = [] } = marks ?? {};
  const controller = runningOperator('system-upgrade-controller', workloads);
  return [
    ...(controller === undefined ? [] : plans.filter(upgradesOtherThings)).map(
      ({ name, image }) =>
        say`The plan ${name} of system-upgrade-controller runs ${image} on nodes: when it begins anew, it may drain or reboot one while another is away.`,
    ),
    ...(runningOperator('rancher', workloads) === undefined
      ? []
      : [
          say`Rancher manages this cluster: if it also manages its version, the release has to be changed there, or it puts it back.`,
        ]),
    ...(runningOperator('fleet', workloads) === undefined
      ? []
      : [
          say`Fleet applies manifests in this cluster: a plan of system-upgrade-controller among them comes back when it is deleted.`,
        ]),
  ];
}

function workProblem({ name, applying }: UpgradePlan): Problem {
  return problem(
    'other-operator',
    say`The plan ${name} of system-upgrade-controller is at work on ${listed(applying)} just now`,
    {
      why: say`A node that it has drained or reboots would be away together with one of this run.`,
      nextSteps: [
        say`Wait until its jobs have ended: kubectl get jobs --namespace ${shellWord(partsOf(name).namespace)}. Then plan again.`,
      ],
    },
  );
}

function planProblem(plan: UpgradePlan, controller: RunningWorkload, wanted: string | undefined): Problem {
  const { namespace, own } = partsOf(plan.name);
  const remove = `kubectl delete plans.upgrade.cattle.io ${shellWord(own)} --namespace ${shellWord(namespace)}`;
  const holder = partsOf(controller.name);
  return problem(
    'other-operator',
    say`The plan ${plan.name} of system-upgrade-controller keeps nodes at ${plan.version ?? say`the release of a channel`}`,
    {
      why: say`It would put an older binary back, or drain a second node while one is away.`,
      nextSteps: [
        say`Pause it: kubectl scale deployment ${shellWord(holder.own)} --namespace ${shellWord(holder.namespace)} --replicas=0.`,
        wanted === undefined
          ? say`Or let it finish, or delete it: ${remove}.`
          : say`Or write ${wanted} into that plan, or delete it: ${remove}.`,
      ],
    },
  );
}

function rebootProblem({ name }: RunningWorkload): Problem {
  const { namespace, own } = partsOf(name);
  return problem('other-operator', say`${name} reboots nodes of this cluster by itself`, {
    why: say`It could reboot a second server while one is changed, and that takes the quorum.`,
    nextSteps: [
      say`Hold it until this is done: kubectl annotate daemonset ${shellWord(own)} --namespace ${shellWord(namespace)} weave.works/kured-node-lock='{"nodeID":"manual"}'; afterwards take the annotation away again.`,
    ],
  });
}

function partsOf(name: string): { readonly namespace: string; readonly own: string } {
  const [namespace = '', own = ''] = name.split('/');
  return { namespace, own };
}
